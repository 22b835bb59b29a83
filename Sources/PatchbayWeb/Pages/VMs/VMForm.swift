import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func newVM(_ visit: Visit) async throws(Problem) -> Page { try await newVMPage(typed: visit.query, now: visit.now) }

    private func newVMPage(typed: FormFields, problem: Problem? = nil, now: Int) async throws(Problem) -> Page {
        let profiles = try await service.profiles()
        let entry = VMEntry(typed, profiles: profiles)
        let model = VMForm(
            entry, hosts: try await service.hosts(), pools: try await poolNames(), profiles: profiles,
            preview: await preview(of: entry, now: now), problem: problem)
        return Page(title: "New VM", section: .vms, template: "page-vm-new", model: model, problem: problem)
    }

    /// Where it would be placed is what a question about one more VM of its kind is answered.
    private func preview(of entry: VMEntry, now: Int) async -> VMPreview {
        let isUnfinished = !entry.guest.state.problems.isEmpty
        do throws(Problem) {
            guard let room = try await service.whatIf(entry.question).room else {
                throw Problem(.malformedInput, "The form is incomplete.")
            }
            let fixes = try await fixLines(room.fixes, now: now) { fix in
                entry.address(using: fix).map { .link(Anchor(text: "Change it", href: $0)) }
            }
            return VMPreview(room, fixes: fixes, isUnfinished: isUnfinished)
        } catch {
            return VMPreview(error, isUnfinished: isUnfinished)
        }
    }

    /// Makes a VM; `do=preview` only shows where it would go.
    func createVM(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let typed = fields.without(["do"])
        let now = visit.now
        guard fields["do"] != "preview" else { return .page(try await newVMPage(typed: typed, now: now)) }
        let draft: API.VMDraft
        do throws(Problem) {
            draft = try VMEntry(typed, profiles: try await service.profiles()).draft()
        } catch {
            return .page(try await newVMPage(typed: typed, problem: error, now: now))
        }
        let service = service
        let maker = self
        return .change(
            Mutation(
                title: "Create VM \(draft.name)", back: Link.newVM(typed), done: Link.vm(draft.name),
                command: ShellLine(creating: draft)?.text,
                run: { dryRun async throws(Problem) in try await service.createVM(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in
                    try await maker.newVMPage(typed: typed, problem: problem, now: now)
                }))
    }
}

/// Makes a managed VM.
struct VMForm: Sendable, Hashable {
    /// What is asked for where neither the form nor a profile says.
    static let usualVCPUs = 1
    static let usualMemoryMiB = 1024

    let name: String
    /// How large it is where nobody says.
    let usual = "\(usualVCPUs) vCPU and \(usualMemoryMiB) MiB"
    let hosts: [Choice]
    let guest: GuestFields
    let disk: String
    let formats: [Choice]
    let kernel: String
    let initrd: String
    let commandLine: String
    let accelerators: [Choice]
    let preview: VMPreview
    let problem: ProblemNote?

    init(
        _ entry: VMEntry, hosts: [API.Host], pools: [String], profiles: [API.Profile], preview: VMPreview,
        problem: Problem? = nil
    ) {
        let typed = entry.fields
        self.name = typed.raw("vm") ?? ""
        self.hosts = Choice.of(hosts.map(\.name), typed: typed.raw("host"), none: "where it would be placed now")
        self.guest = GuestFields(entry.guest, pools: pools, profiles: profiles)
        self.disk = typed.raw("disk") ?? ""
        self.formats = ["qcow2", "raw"].map { Choice($0, $0, selected: typed.raw("diskFormat")) }
        self.kernel = typed.raw("kernel") ?? ""
        self.initrd = typed.raw("initrd") ?? ""
        self.commandLine = typed.raw("commandLine") ?? ""
        self.accelerators =
            [Choice("", "KVM if the host has it", selected: typed.raw("accelerator") ?? "")]
            + GuestSpec.Accelerator.allCases.map {
                Choice($0.rawValue, $0.rawValue, selected: typed.raw("accelerator"))
            }
        self.preview = preview
        self.problem = problem.map { ProblemNote($0) }
    }
}

/// What stands beside the form for a VM: the host that has room for it now, or why none has, and what would make room.
struct VMPreview: Sendable, Hashable {
    let glyph: String
    let css: String
    let headline: String
    let host: Anchor?
    let reason: String
    let fixes: [FixLine]
    let hasFixes: Bool
    /// Why nothing is known.
    let hint: Hint?
    /// Some of what was typed cannot be read yet: the rest is placed.
    let isUnfinished: Bool
    /// For those who listen.
    let said: String

    init(_ room: API.Room, fixes: [FixLine], isUnfinished: Bool) {
        let host = room.placed > 0 ? room.hosts.first?.host : nil
        self.glyph = host == nil ? "✕" : "✓"
        self.css = host == nil ? "bad" : "good"
        self.headline = host == nil ? "It does not fit now" : "It fits on"
        self.host = host.map { Anchor(text: $0, href: Link.host($0)) }
        self.reason = host == nil ? room.reason?.sentence ?? "" : ""
        self.fixes = host == nil ? fixes : []
        self.hasFixes = host == nil && !fixes.isEmpty
        self.hint = nil
        self.isUnfinished = isUnfinished
        self.said = host.map { "It fits on \($0)." } ?? "It does not fit now."
    }

    init(_ problem: Problem, isUnfinished: Bool) {
        (glyph, css, headline, host, reason) = ("", "", "", nil, "")
        (fixes, hasFixes) = ([], false)
        hint = Hint(problem)
        self.isUnfinished = isUnfinished
        said = problem.detail
    }
}

import PatchbayAPI
import PatchbayCore

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

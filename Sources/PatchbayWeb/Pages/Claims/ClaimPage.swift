import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func claimList(_ visit: Visit) async throws(Problem) -> Page {
        var query = ClaimListPage.Query(filter: visit.query["filter"] ?? "")
        query.phase = try visit.query.choice("phase", "The phase")
        query.page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
        let model = ClaimListPage(try await service.claims(API.ClaimQuery()), query, now: visit.now)
        return Page(title: "Claims", section: .claims, template: "page-claims", model: model)
    }

    func claim(_ visit: Visit, id: String) async throws(Problem) -> Page {
        try await claimPage(id, now: visit.now)
    }

    private func claimPage(
        _ id: String, typed: FormFields = FormFields(), problem: Problem? = nil, now: Int
    ) async throws(Problem) -> Page {
        let claim = try await service.claim(id)
        let vm = claim.owner.kind == .vm ? claim.owner.name : nil
        // A VM's claim is made and served by what happens to the VM.
        let events = try await history(
            of: ["claim \(claim.id)"] + (vm.map { ["vm \($0)"] } ?? []), vm: vm, host: claim.host,
            since: claim.createdAt)
        let model = ClaimPage(
            claim, explanation: await explanation(of: claim, now: now), events: events, typed: typed, problem: problem,
            now: now)
        return Page(
            title: "Claim \(claim.id)", section: .claims, template: "page-claim", model: model, problem: problem)
    }

    /// A page that cannot say why is still a page.
    private func explanation(of claim: API.Claim, now: Int) async -> Result<ExplanationNote, Problem> {
        do throws(Problem) {
            let explanation = try await service.explainClaim(claim.id)
            let question: ExplanationNote.Question = claim.phase == .pending ? .waiting : .served
            let fixes = try await fixLines(explanation.fixes, now: now) { fix in
                Self.link(like: claim, with: fix).map { .link(Anchor(text: "New claim like this…", href: $0)) }
            }
            return .success(ExplanationNote(explanation, question, fixes: fixes, now: now))
        } catch {
            return .failure(error)
        }
    }

    /// The form for a new claim, filled in as this one with the fix made; nil: the form has no field for it.
    private static func link(like claim: API.Claim, with fix: API.Fix) -> String? {
        let fields = ClaimForm.fields(like: claim)
        return ClaimEntry(fields).use(for: fix).map { "/claims/new?\(ClaimEntry.using($0, in: fields).encoded)" }
    }

    func releaseClaim(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let claim = try await service.claim(id)
        let service = service
        let caution = "\(claim.owner.words) must no longer use its devices: the next claim in the queue gets them."
        return .change(
            Mutation(
                title: "Release claim \(id)", back: Link.claim(id), done: "/claims",
                command: ShellLine("claim", "release", id).text, cautions: claim.devices.isEmpty ? [] : [caution],
                run: { dryRun async throws(Problem) in try await service.releaseClaim(id, dryRun: dryRun) }))
    }

    func renewClaim(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let now = visit.now
        let form: @Sendable (Problem) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await claimPage(id, typed: fields, problem: problem, now: now)
        }
        let seconds: Int?
        do throws(Problem) {
            seconds = try LeaseLength.seconds(of: fields)
        } catch {
            return .page(try await form(error))
        }
        let service = service
        return .change(
            Mutation(
                title: "Renew claim \(id)" + (seconds.map { " for \(LeaseLength.words($0))" } ?? ""),
                back: Link.claim(id), done: Link.claim(id),
                command: ShellLine(["claim", "renew", id] + (seconds.map { ["--lease", "\($0)s"] } ?? [])).text,
                run: { dryRun async throws(Problem) in
                    try await service.renewClaim(id, API.RenewRequest(leaseSeconds: seconds), dryRun: dryRun)
                }, form: form))
    }
}

/// Who asks for what, what it got or why it waits, and until when.
struct ClaimPage: Sendable {
    let claim: String
    let mark: ClaimPhaseMark
    let owner: String
    let ownerLink: String?
    let tenant: String
    let created: Moment
    let place: String
    let requests: [ClaimRequestLine]
    let terms: [Fact]
    let host: Anchor?
    let devices: [GrantedDevice]
    let isPending: Bool
    let seat: SeatCard?
    let allocated: Moment?
    let lease: Deadline?
    let leaseWords: String
    let renewal: LeaseLength
    let leaseProblem: ProblemNote?
    let canRenew: Bool
    let canRelease: Bool
    /// The VM whose claim it is: it ends with it.
    let endsWith: Anchor?
    let explanation: ExplanationNote?
    let explanationTitle: String
    let explanationProblem: ProblemNote?
    let findings: [FindingNote]
    let history: [EventLine]
    let base: String
    let command: String
    let againHref: String
    let fragment: String

    init(
        _ claim: API.Claim, explanation: Result<ExplanationNote, Problem>, events: [API.Event],
        typed: FormFields = FormFields(), problem: Problem? = nil, now: Int
    ) {
        self.claim = claim.id
        self.mark = ClaimPhaseMark(claim.phase)
        self.owner = claim.owner.words
        self.ownerLink = claim.owner.kind == .vm ? Link.vm(claim.owner.name) : nil
        self.tenant = claim.owner.tenant ?? ""
        self.created = Moment(claim.createdAt, now: now)
        self.place = claim.position.map { "\(ClaimRow.ordinal($0)) in the queue" } ?? ""
        self.requests = claim.requests.map(ClaimRequestLine.init)
        self.terms = Self.terms(of: claim)
        self.host = claim.host.map { Anchor(text: $0, href: Link.host($0)) }
        self.devices = claim.devices.map(GrantedDevice.init)
        self.isPending = claim.phase == .pending
        self.seat = claim.seat.map(SeatCard.init)
        self.allocated = claim.allocatedAt.map { Moment($0, now: now) }
        self.lease = claim.expiresAt.map { Deadline($0, now: now) }
        self.leaseWords = claim.leaseSeconds.map { "\(LeaseLength.words($0)) after it is served" } ?? ""
        self.renewal = LeaseLength(typed: typed, seconds: claim.leaseSeconds)
        self.leaseProblem = problem.map { ProblemNote($0) }
        let isVMs = claim.owner.kind == .vm
        self.canRenew = !isVMs && claim.phase != .pending && claim.phase != .releasing
        self.canRelease = !isVMs
        self.endsWith = isVMs ? Anchor(text: claim.owner.name, href: Link.vm(claim.owner.name)) : nil
        switch explanation {
        case .success(let note): (self.explanation, self.explanationProblem) = (note, nil)
        case .failure(let problem): (self.explanation, self.explanationProblem) = (nil, ProblemNote(problem))
        }
        self.explanationTitle = claim.phase == .pending ? "Why it waits" : "Why these"
        self.findings = claim.findings.map(FindingNote.init)
        self.history = events.prefix(8).map { EventLine($0, now: now) }
        self.base = Link.claim(claim.id)
        self.command = "patchbay claim explain \(claim.id)"
        self.againHref = ClaimForm.link(like: claim)
        self.fragment = "/fragments" + Link.claim(claim.id)
    }

    /// What it says beside what it wants; nothing of what goes without saying.
    private static func terms(of claim: API.Claim) -> [Fact] {
        var facts: [Fact] = []
        facts.append(Fact("Hosts", claim.hosts.isEmpty ? "any" : claim.hosts.joined(separator: ", ")))
        if !claim.labels.isEmpty {
            facts.append(Fact("With labels", NamedValues.text(claim.labels).replacing("\n", with: ", ")))
        }
        facts.append(Fact("Host selection", words(claim.strategy)))
        if claim.priority != 0 { facts.append(Fact("Priority", String(claim.priority))) }
        if let reservation = claim.reservation {
            facts.append(Fact("May use devices of", "reservation \(reservation)", href: Link.claim(reservation)))
        }
        if claim.phase == .pending || claim.waits {
            facts.append(Fact("If nothing fits", claim.waits ? "it waits in the queue" : "it is refused"))
        }
        return facts
    }

    static func words(_ strategy: PlacementStrategy) -> String {
        switch strategy {
        case .pack: "pack: the one with the fewest free devices"
        case .spread: "spread: the one with the most free devices"
        }
    }
}

/// A device that a claim has, or would get.
struct GrantedDevice: Sendable, Hashable {
    let name: String
    let address: String
    let href: String
    /// `a100-1`, `comes along`
    let role: String
    let isCompanion: Bool
    /// The claim of the reservation that it was taken from.
    let reservation: Anchor?

    init(_ device: API.ClaimDevice) {
        let id = DeviceName(device.device)
        self.name = device.name
        self.address = id.short
        self.href = id.href
        self.role = device.isCompanion ? "comes along" : device.request
        self.isCompanion = device.isCompanion
        self.reservation = device.reservation.map { Anchor(text: $0, href: Link.claim($0)) }
    }
}

/// Where a guest sits on its host: which CPUs and memory of which nodes.
struct SeatCard: Sendable, Hashable {
    let pin: String
    let pages: String
    let cells: [Cell]
    let dedicated: String

    struct Cell: Sendable, Hashable {
        /// `Guest cell 0 on NUMA node 1`
        let title: String
        let vcpus: String
        let cpus: String
        let memory: String
    }

    init(_ seat: API.Seat) {
        self.pin = Self.words(seat.pin)
        self.pages = seat.hugepages.map { "huge pages of \($0)" } ?? "ordinary pages"
        self.cells = zip(seat.cells.indices, seat.cells).map { index, cell in
            Cell(
                title: "Cell \(index) on NUMA node \(cell.node)", vcpus: cell.vcpus.numberList,
                cpus: cell.cpus.numberList, memory: SizeWords.mebibytes(cell.memoryMiB))
        }
        self.dedicated = seat.dedicatedCPUs.isEmpty ? "" : seat.dedicatedCPUs.numberList
    }

    static func words(_ pin: PinPolicy) -> String {
        switch pin {
        case .none: "unpinned: any CPU of the host"
        case .shared: "on CPUs of its NUMA nodes, shared with others"
        case .thread: "a dedicated hardware thread for each virtual CPU"
        case .core: "a dedicated core for each virtual CPU"
        }
    }
}

/// One line of what a claim asks for.
struct ClaimRequestLine: Sendable, Hashable {
    let request: String
    /// `4 ×`
    let count: String
    let target: Anchor
    /// `NUMA required`, `below one PCIe switch`, `trusted=true`, `optional`
    let conditions: [String]

    init(_ request: API.Request) {
        self.request = request.name
        self.count = "\(request.count) ×"
        if let pool = request.pool {
            self.target = Anchor(text: pool, href: Link.pool(pool))
        } else {
            let device = DeviceName(request.device ?? "")
            self.target = Anchor(text: device.short, href: device.href)
        }
        self.conditions = request.conditions
    }

    /// `4 × a100, 1 × vfs`
    static func words(_ requests: [API.Request]) -> String {
        requests.map { "\($0.count) × \($0.pool ?? DeviceName($0.device ?? "").short)" }.joined(separator: ", ")
    }
}

import PatchbayAPI
import PatchbayCore

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

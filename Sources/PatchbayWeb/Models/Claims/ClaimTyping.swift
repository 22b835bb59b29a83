import PatchbayAPI
import PatchbayCore

/// What the form for a claim says so far: as much of a claim as can be read, and what is wrong with the rest, by field.
struct ClaimTyping: Sendable {
    /// A place of the form where something can be wrong.
    enum Place: Hashable, Sendable {
        case owner, tenant, claim, labels, priority, lease
        /// The line, counted from 0.
        case request(Int)
    }

    let fields: FormFields
    /// The lines without the empty ones at the end.
    let written: [ClaimRequestFields.Typed]
    private(set) var problems: [Place: Problem] = [:]
    /// What can be read of it; requests that are wrong are left out.
    private(set) var draft: API.ClaimDraft
    /// The requests of the draft by the line that they are on.
    private(set) var requestNames: [Int: String] = [:]

    init(_ fields: FormFields) {
        self.fields = fields
        self.written = ClaimRequestFields.Typed.all(of: fields).trimmingEnd { $0 == ClaimRequestFields.Typed() }
        let kind = ClaimOwner.Kind(rawValue: fields["kind"] ?? "") ?? .system
        self.draft = API.ClaimDraft(
            id: fields["claim"], owner: API.ClaimOwner(kind: kind, name: Self.nobody), requests: [],
            strategy: HostChoice.strategy(fields), waits: fields["waits"] != nil,
            reservation: fields["reservation"])
        readOwner(kind)
        readRequests()
        readTerms()
    }

    func hint(_ place: Place) -> Hint? { problems[place].map { Hint($0) } }

    /// Stands for the owner while there is no name for it yet: who asks does not matter to where it fits.
    private static let nobody = "preview"

    private mutating func readOwner(_ kind: ClaimOwner.Kind) {
        if let name = fields["owner"] {
            attempt(.owner) { typing throws(Problem) in
                typing.draft.owner = API.ClaimOwner(try API.ClaimOwner(kind: kind, name: name).owner())
            }
        }
        if let tenant = fields["tenant"] {
            attempt(.tenant) { typing throws(Problem) in
                _ = try API.ClaimOwner(kind: kind, name: Self.nobody, tenant: tenant).owner()
                typing.draft.owner.tenant = tenant
            }
        }
        attempt(.claim) { typing throws(Problem) in
            var alone = API.ClaimDraft(owner: typing.draft.owner, requests: [API.RequestDraft()])
            alone.id = typing.draft.id
            try alone.checkForm()
        }
    }

    private mutating func readRequests() {
        for index in written.indices where !written[index].isBlank {
            attempt(.request(index)) { typing throws(Problem) in
                let taken = typing.draft.requests.compactMap(\.name)
                let request = try typing.written[index].draft(besides: taken)
                typing.draft.requests.append(request)
                typing.requestNames[index] = request.name
            }
        }
    }

    private mutating func readTerms() {
        draft.hosts = HostChoice.hosts(fields)
        attempt(.labels) { typing throws(Problem) in typing.draft.labels = try HostChoice.labels(typing.fields) }
        attempt(.priority) { typing throws(Problem) in
            typing.draft.priority = try typing.fields.number("priority", "The priority", in: -1000...1000)
        }
        attempt(.lease) { typing throws(Problem) in
            typing.draft.leaseSeconds = try LeaseLength.seconds(of: typing.fields)
        }
    }

    private mutating func attempt(_ place: Place, _ read: (inout ClaimTyping) throws(Problem) -> Void) {
        do throws(Problem) {
            try read(&self)
        } catch {
            problems[place] = error
        }
    }

    /// The claim that is to be made. Throws the first thing that is wrong.
    func claim() throws(Problem) -> API.ClaimDraft {
        _ = try fields.required("owner", "The name of the owner")
        for place in [Place.owner, .tenant, .claim] { if let problem = problems[place] { throw problem } }
        for index in written.indices { if let problem = problems[.request(index)] { throw problem } }
        for place in [Place.labels, .priority, .lease] { if let problem = problems[place] { throw problem } }
        guard !draft.requests.isEmpty else {
            throw Problem(.malformedInput, "The claim requests nothing.", next: ["Choose a pool for request 1."])
        }
        var claim = draft
        claim.id = claim.id ?? fields["made"]
        return claim
    }
}

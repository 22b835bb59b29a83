import PatchbayAPI
import PatchbayCore

/// What the form for a claim says so far: as much of a claim as can be read, and what is wrong with the rest, by field.
struct ClaimEntry: Sendable {
    /// A place of the form where something can be wrong.
    enum Place: Hashable, Sendable {
        case owner, tenant, claim, labels, priority, lease
        /// The line, counted from 0.
        case request(Int)
    }

    private(set) var state: FormState<Place>
    /// The lines without the empty ones at the end.
    let written: [ClaimRequestFields.Typed]
    /// What can be read of it; requests that are wrong are left out.
    private(set) var draft: API.ClaimDraft
    /// The requests of the draft by the line that they are on.
    private(set) var requestNames: [Int: String] = [:]

    var fields: FormFields { state.fields }

    init(_ fields: FormFields) {
        self.state = FormState(fields)
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

    /// Stands for the owner while there is no name for it yet: who asks does not matter to where it fits.
    private static let nobody = "preview"

    private mutating func readOwner(_ kind: ClaimOwner.Kind) {
        let owner = state.read(.owner) { fields throws(Problem) in
            try fields["owner"].map { name throws(Problem) in try API.ClaimOwner(kind: kind, name: name).owner() }
        }
        if let owner { draft.owner = API.ClaimOwner(owner) }
        draft.owner.tenant = state.read(.tenant) { fields throws(Problem) in
            guard let tenant = fields["tenant"] else { return nil }
            _ = try API.ClaimOwner(kind: kind, name: Self.nobody, tenant: tenant).owner()
            return tenant
        }
        state.check(.claim) { [draft] () throws(Problem) in
            var alone = API.ClaimDraft(owner: draft.owner, requests: [API.RequestDraft()])
            alone.id = draft.id
            try alone.checkForm()
        }
    }

    private mutating func readRequests() {
        for index in written.indices where !written[index].isBlank {
            let request = state.read(.request(index)) { [draft, written] _ throws(Problem) in
                try written[index].draft(besides: draft.requests.compactMap(\.name))
            }
            guard let request else { continue }
            draft.requests.append(request)
            requestNames[index] = request.name
        }
    }

    private mutating func readTerms() {
        draft.hosts = HostChoice.hosts(fields)
        draft.labels = state.read(.labels) { fields throws(Problem) in try HostChoice.labels(fields) }
        draft.priority = state.read(.priority) { fields throws(Problem) in
            try fields.number("priority", "The priority", in: -1000...1000)
        }
        draft.leaseSeconds = state.read(.lease) { fields throws(Problem) in try LeaseLength.seconds(of: fields) }
    }

    /// The claim that is to be made. Throws the first thing that is wrong.
    func claim() throws(Problem) -> API.ClaimDraft {
        _ = try fields.required("owner", "The name of the owner")
        try state.check(
            [.owner, .tenant, .claim] + written.indices.map(Place.request) + [.labels, .priority, .lease])
        guard !draft.requests.isEmpty else {
            throw Problem(.malformedInput, "The claim requests nothing.", next: ["Choose a pool for request 1."])
        }
        var claim = draft
        claim.id = claim.id ?? fields["made"]
        return claim
    }
}

extension ClaimEntry {
    private static let separator: Character = ";"

    /// What the button of a fix sends; nil: the form has no field for a part of it.
    func use(for fix: API.Fix) -> String? {
        let uses = fix.steps.compactMap(use)
        return uses.count == fix.steps.count ? uses.joined(separator: String(Self.separator)) : nil
    }

    private func use(for step: API.Fix.Part) -> String? {
        switch step.change {
        case "any-host": return step.change
        case "count", "numa", "group", "topology", "tags", "optional":
            guard let line = requestNames.first(where: { $0.value == step.request })?.key else { return nil }
            return "\(step.change) \(line) \(step.value ?? "")"
        default: return nil
        }
    }

    /// The form with a fix made; as it is where `use` is not one of ours.
    static func using(_ use: String, in fields: FormFields) -> FormFields {
        use.split(separator: separator).reduce(fields) { usingStep($1, in: $0) }
    }

    private static func usingStep(_ use: Substring, in fields: FormFields) -> FormFields {
        let words = use.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words == ["any-host"] { return fields.setting("hosts", at: 0, to: "").setting("labels", at: 0, to: "") }
        guard words.count == 3, let line = Int(words[1]) else { return fields }
        return switch words[0] {
        case "count", "numa", "group", "topology", "tags": fields.setting(words[0], at: line, to: words[2])
        case "optional": fields.setting("need", at: line, to: "optional")
        default: fields
        }
    }
}

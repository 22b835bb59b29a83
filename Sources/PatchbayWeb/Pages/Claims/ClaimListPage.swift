import PatchbayAPI
import PatchbayCore
import PatchbayText

/// All claims: who has devices, and who waits.
struct ClaimListPage: Sendable, Hashable {
    let filter: String
    let phase: String
    let rows: [ClaimRow]
    let hasRows: Bool
    let shown: String
    let phases: [PhaseChoice]
    let isEmpty: Bool
    let isWithoutMatch: Bool
    let earlier: Anchor?
    let later: Anchor?

    /// One phase with how many claims are in it, leading to those.
    struct PhaseChoice: Sendable, Hashable {
        let mark: ClaimPhaseMark
        let count: Int
        let href: String
        let isCurrent: Bool
    }

    /// What the address of the page says.
    struct Query: Sendable, Hashable {
        /// Words that must all occur, whatever the case.
        var filter = ""
        var phase: Claim.Phase?
        var page = 0

        func link(phase: Claim.Phase?, page: Int = 0) -> String {
            var fields = FormFields()
            for (name, value) in [("filter", filter), ("phase", phase?.rawValue ?? "")] where !value.isEmpty {
                fields.fields.append(.init(name: name, value: value))
            }
            if page > 0 { fields.fields.append(.init(name: "page", value: String(page))) }
            return fields.fields.isEmpty ? "/claims" : "/claims?\(fields.encoded)"
        }
    }

    init(_ claims: [API.Claim], _ query: Query, now: Int) {
        let words = query.filter.lowercased().split(separator: " ")
        let named = claims.filter { claim in
            let text = Self.text(of: claim)
            return words.allSatisfy { text.contains($0) }
        }
        let matching = named.filter { query.phase == nil || $0.phase == query.phase }.sorted {
            ($0.position ?? .max, $0.createdAt, $0.id) < ($1.position ?? .max, $1.createdAt, $1.id)
        }
        let slice = ListSlice(matching, page: query.page)
        self.filter = query.filter
        self.phase = query.phase?.rawValue ?? ""
        self.rows = slice.rows.map { ClaimRow($0, now: now) }
        self.hasRows = !rows.isEmpty
        let noun = "claim\(claims.count == 1 ? "" : "s")"
        self.shown =
            matching.count == claims.count ? "\(slice.which) \(noun)" : "\(slice.which) of \(claims.count) \(noun)"
        let counts = Dictionary(grouping: named, by: \.phase).mapValues(\.count)
        self.phases = Claim.Phase.allCases.compactMap { phase in
            guard let count = counts[phase] else { return nil }
            let isCurrent = phase == query.phase
            return PhaseChoice(
                mark: ClaimPhaseMark(phase), count: count, href: query.link(phase: isCurrent ? nil : phase),
                isCurrent: isCurrent)
        }
        self.isEmpty = claims.isEmpty
        self.isWithoutMatch = !claims.isEmpty && matching.isEmpty
        self.earlier = slice.earlier.map { Anchor(text: "Earlier", href: query.link(phase: query.phase, page: $0)) }
        self.later = slice.later.map { Anchor(text: "Later", href: query.link(phase: query.phase, page: $0)) }
    }

    private static func text(of claim: API.Claim) -> String {
        let asks = claim.requests.map { "\($0.pool ?? "") \($0.device ?? "")" }
        let parts = [claim.id, claim.owner.words, claim.owner.tenant ?? "", claim.phase.rawValue, claim.host ?? ""]
        return (parts + asks).joined(separator: " ").lowercased()
    }
}

/// A claim in the list.
struct ClaimRow: Sendable, Hashable {
    /// Devices that are named in a row.
    static let mostDevices = 3

    let id: String
    let claim: String
    let href: String
    let owner: String
    let ownerLink: String?
    let tenant: String
    let mark: ClaimPhaseMark
    let wants: String
    let host: Anchor?
    let devices: [Anchor]
    let moreDevices: String
    let lease: Deadline?
    /// Its place in the queue: `1st`.
    let place: String
    let priority: String

    init(_ claim: API.Claim, now: Int) {
        self.id = "claimrow-\(API.Device.elementID(of: claim.id))"
        self.claim = claim.id
        self.href = Link.claim(claim.id)
        self.owner = claim.owner.words
        self.ownerLink = claim.owner.kind == .vm ? Link.vm(claim.owner.name) : nil
        self.tenant = claim.owner.tenant ?? ""
        self.mark = ClaimPhaseMark(claim.phase)
        self.wants = ClaimRequestLine.words(claim.requests)
        self.host = claim.host.map { Anchor(text: $0, href: Link.host($0)) }
        let primaries = claim.devices.filter { !$0.isCompanion }
        self.devices = primaries.prefix(Self.mostDevices).map {
            let id = DeviceName($0.device)
            return Anchor(text: id.address, href: id.href)
        }
        let rest = primaries.count - devices.count
        self.moreDevices = rest > 0 ? "and \(rest) more" : ""
        self.lease = claim.expiresAt.map { Deadline($0, now: now) }
        self.place = claim.position.map(Self.ordinal) ?? ""
        self.priority = claim.priority == 0 ? "" : "priority \(claim.priority)"
    }

    /// `1st`, `2nd`, `11th`
    static func ordinal(_ number: Int) -> String {
        switch (number % 100, number % 10) {
        case (11...13, _): "\(number)th"
        case (_, 1): "\(number)st"
        case (_, 2): "\(number)nd"
        case (_, 3): "\(number)rd"
        default: "\(number)th"
        }
    }
}

extension API.ClaimOwner {
    /// `VM trainer-01`, `system slurm/job-17`, `reservation night`
    var words: String { PatchbayCore.ClaimOwner(kind: kind, name: name, tenant: tenant).words }
}

/// Where a claim is in its life: glyph, word, colour; the ones that devices have, where they mean the same.
struct ClaimPhaseMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    init(_ phase: Claim.Phase) {
        self.word = phase.rawValue
        (self.glyph, self.css) =
            switch phase {
            case .pending: ("…", "attention")
            case .allocated: (String(DeviceState.allocated.glyph), "state-allocated")
            case .attached: (String(DeviceState.attached.glyph), "state-attached")
            case .releasing: ("↩", "quiet")
            }
    }
}

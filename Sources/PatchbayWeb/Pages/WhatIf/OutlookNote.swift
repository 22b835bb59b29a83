import PatchbayAPI
import PatchbayCore

/// What would become of everything: the changes, whom they concern, the room there is, and the pools.
struct OutlookNote: Sendable, Hashable {
    /// Claims and VMs that are listed.
    static let mostImpacts = 100

    let changes: [String]
    let hasChanges: Bool
    let counts: [Count]
    let impacts: [ImpactLine]
    /// Something is otherwise, and nobody is concerned.
    let isCalm: Bool
    let moreImpacts: String
    let room: RoomNote?
    let pools: [PoolOutlookCard]
    let hasPools: Bool
    let poolsTitle: String
    let isTurned: Bool
    let findings: [FindingNote]
    /// The whole of it in one line.
    let said: String

    struct Count: Sendable, Hashable {
        let mark: ImpactMark
        let words: String
    }

    /// - Parameter fixes: what would make room for the next guest.
    init(_ outlook: API.Outlook, of question: API.WhatIf, fixes: [FixLine], now: Int) {
        self.changes = outlook.changes
        self.hasChanges = !outlook.changes.isEmpty
        self.counts = API.Impact.Kind.allCases.compactMap { kind in
            let number = outlook.impacts.count { $0.kind == kind }
            let mark = ImpactMark(kind)
            return number == 0 ? nil : Count(mark: mark, words: mark.count(number))
        }
        self.impacts = outlook.impacts.prefix(Self.mostImpacts).enumerated().map { ImpactLine($1, $0 + 1, now: now) }
        self.isCalm = hasChanges && outlook.impacts.isEmpty
        let rest = outlook.impacts.count - impacts.count
        self.moreImpacts = rest > 0 ? "and \(Turn.grouped(rest)) more that lose less" : ""
        self.room = outlook.room.map { RoomNote($0, of: question.guest, fixes: fixes) }
        self.pools = outlook.pools.map(PoolOutlookCard.init)
        self.hasPools = !pools.isEmpty
        self.isTurned = outlook.pools.contains { $0.now != $0.then }
        self.poolsTitle =
            isTurned ? "Free devices of pools" : "Free devices by host"
        self.findings = outlook.findings.map(FindingNote.init)
        self.said = Self.said(outlook, counts: counts, room: room)
    }

    private static func said(_ outlook: API.Outlook, counts: [Count], room: RoomNote?) -> String {
        var parts: [String] = []
        if !outlook.changes.isEmpty {
            parts.append(
                counts.isEmpty
                    ? "Nothing changes for anyone." : counts.map(\.words).joined(separator: ", ") + ".")
        }
        if let room { parts.append("\(room.headline).") }
        guard parts.isEmpty else { return parts.joined(separator: " ") }
        let (free, all) = outlook.pools.compactMap(\.then).reduce((0, 0)) { ($0.0 + $1.free, $0.1 + $1.lendable) }
        let name = outlook.pools.count == 1 ? "Pool \(outlook.pools[0].name)" : "\(outlook.pools.count) pools"
        return "\(name): \(Turn.grouped(free)) of \(Turn.grouped(all)) devices free."
    }
}

/// What would become of one claim or VM, why, and what would help.
struct ImpactLine: Sendable, Hashable {
    /// Devices that are named in a line.
    static let mostDevices = 4

    let id: String
    let mark: ImpactMark
    let owner: String
    /// The VM, or the claim; nil: it has no page.
    let ownerLink: String?
    /// Where it is, and where it would be.
    let place: String
    let devices: [Anchor]
    let hasDevices: Bool
    let moreDevices: String
    let reason: String
    /// The first thing that would help.
    let fix: FixLine?
    let others: [FixLine]
    let othersTitle: String

    init(_ impact: API.Impact, _ position: Int, now: Int) {
        self.id = "impact-\(position)"
        self.mark = ImpactMark(impact.kind)
        self.owner = impact.owner.words
        self.ownerLink = impact.owner.kind == .vm ? Link.vm(impact.owner.name) : impact.claim.map { Link.claim($0) }
        self.place = Self.place(of: impact)
        let primaries = impact.devices.filter { !$0.isCompanion }
        self.devices = primaries.prefix(Self.mostDevices).map {
            let id = DeviceName($0.device)
            return Anchor(text: id.address, href: id.href)
        }
        self.hasDevices = !primaries.isEmpty
        let rest = primaries.count - devices.count
        self.moreDevices = rest > 0 ? "and \(rest) more" : ""
        self.reason = impact.reason?.sentence ?? ""
        let fixes = impact.fixes.map { FixLine($0, now: now) }
        self.fix = fixes.first
        self.others = Array(fixes.dropFirst())
        self.othersTitle = others.isEmpty ? "" : "\(others.count) more way\(others.count == 1 ? "" : "s")"
    }

    private static func place(of impact: API.Impact) -> String {
        let here = impact.host ?? "its host"
        let there = impact.newHost ?? "another host"
        return switch impact.kind {
        case .lost: impact.host.map { "is on \($0) now" } ?? "is not placed now"
        case .stuckAtRestart, .changesAtRestart: "keeps its devices on \(here) until it stops"
        case .stuck, .startable: "is off, on \(here)"
        case .moves: "from \(here) to \(there)"
        case .restarts: "stays on \(here)"
        case .served: "waits now; would be on \(there)"
        }
    }
}

/// What becomes of a claim or VM: glyph, words, colour.
struct ImpactMark: Sendable, Hashable {
    let glyph: String
    /// `cannot be placed`
    let word: String
    let css: String
    /// `cannot be placed`
    let plural: String

    init(_ kind: API.Impact.Kind) {
        (self.glyph, self.css) =
            switch kind {
            case .lost: ("✕", "bad")
            case .stuckAtRestart, .stuck: ("!", "attention")
            case .moves, .restarts, .changesAtRestart: ("→", "state-allocated")
            case .served, .startable: ("✓", "good")
            }
        (self.word, self.plural) =
            switch kind {
            case .lost: ("cannot be placed", "cannot be placed")
            case .stuckAtRestart: ("cannot start again", "cannot start again")
            case .stuck: ("cannot start", "cannot start")
            case .moves: ("moves", "move")
            case .restarts: ("must restart", "must restart")
            case .changesAtRestart: ("changes at its next start", "change at their next start")
            case .served: ("is served", "are served")
            case .startable: ("can start", "can start")
            }
    }

    /// `1 moves`, `3 move`
    func count(_ number: Int) -> String { "\(Turn.grouped(number)) \(number == 1 ? word : plural)" }
}

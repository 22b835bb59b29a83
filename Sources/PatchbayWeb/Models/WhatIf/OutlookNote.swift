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

/// Judges the groups of one host. Made once for an inventory.
package struct IsolationJudge: Sendable {
    private let inventory: Inventory
    private let graph: IsolationGraph
    private let weaknesses: [IsolationWeakness]?
    private let tiesByEnd: [PCIAddress: [Int]]

    package init(_ inventory: Inventory) {
        self.inventory = inventory
        let graph = IsolationGraph(inventory)
        self.graph = graph
        weaknesses = inventory.isolationWeaknesses
        var tiesByEnd: [PCIAddress: [Int]] = [:]
        for (index, tie) in graph.ties.enumerated() {
            for end in tie.ends { tiesByEnd[end, default: []].append(index) }
        }
        self.tiesByEnd = tiesByEnd
    }

    package func isolation(of group: IOMMUGroup) -> GroupIsolation {
        let members = Set(group.members)
        let ties = Set(group.members.flatMap { tiesByEnd[$0] ?? [] }).sorted().map { graph.ties[$0] }
        let outside = ties.filter { !members.isSuperset(of: $0.ends) }
        let (verdict, reasons) = verdict(of: group, smallerThanBits: outside)
        return GroupIsolation(group: group.id, verdict: verdict, reasons: reasons, causes: causes(of: group, ties))
    }

    /// - Parameter outside: ties by which the bits would make the group larger than it is.
    private func verdict(
        of group: IOMMUGroup, smallerThanBits outside: [IsolationGraph.Tie]
    ) -> (GroupIsolation.Verdict, [String]) {
        guard let weaknesses else { return (.unknown, ["The kernel's command line is unknown."]) }
        let isProven = outside.isEmpty && graph.unread.isDisjoint(with: group.members)
        let counting = weaknesses.filter { !$0.isAboutGroups || !isProven }
        let facts = sentences(outside.map(\.cause))
        guard counting.isEmpty else { return (.notIsolated, counting.map(\.sentence) + facts) }
        let quirk = "By the ACS bits alone the group would be larger; the kernel's quirk list splits it."
        return (.isolated, facts.isEmpty ? [] : facts + [quirk])
    }

    private func causes(of group: IOMMUGroup, _ ties: [IsolationGraph.Tie]) -> [String] {
        guard group.members.count > 1 else { return [] }
        let inside = ties.filter { Set(group.members).intersection($0.ends).count > 1 }
        let facts = sentences(inside.map(\.cause))
        if Self.connects(group.members, inside) { return facts }
        let isUnread = !graph.unread.isDisjoint(with: group.members)
        return facts + [
            isUnread
                ? "Not every config space on the way could be read, so the ACS bits do not show the whole reason."
                : "The ACS bits do not explain it: the kernel's quirk list or the firmware's tables keep the devices "
                    + "together."
        ]
    }

    /// Each sentence once, in the order of the ties.
    private func sentences(_ causes: [IsolationCause]) -> [String] {
        var seen: Set<String> = []
        return causes.flatMap { $0.sentences(in: inventory) }.filter { seen.insert($0).inserted }
    }

    /// Whether the ties lead from every member to every other.
    private static func connects(_ members: [PCIAddress], _ ties: [IsolationGraph.Tie]) -> Bool {
        guard let first = members.first else { return true }
        var byEnd: [PCIAddress: [Int]] = [:]
        for (index, tie) in ties.enumerated() { for end in tie.ends { byEnd[end, default: []].append(index) } }
        var reached: Set<PCIAddress> = [first]
        var waiting = [first]
        while let next = waiting.popLast() {
            for index in byEnd[next] ?? [] {
                for end in ties[index].ends where reached.insert(end).inserted { waiting.append(end) }
            }
        }
        return reached.isSuperset(of: members)
    }
}

extension Inventory {
    /// nil: there is no such group. For several groups make one `IsolationJudge`.
    package func isolation(of group: IOMMUGroupID) -> GroupIsolation? {
        self.group(group).map { IsolationJudge(self).isolation(of: $0) }
    }
}

import CPatchbayHost

/// Which routing tables packets are looked up in: `ip rule`. A table that no rule names carries nothing.
struct PolicyRules {
    /// nil: not told, or VRFs choose their tables without naming them: any may be used.
    private let tables: Set<Table>?

    private struct Table: Hashable {
        var isIPv6: Bool
        var number: UInt32
    }

    init(_ tree: HostTree) {
        let lines = (Self.recordedText(in: tree) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        let isOpen = lines.isEmpty || lines.contains { $0.count != 3 || UInt32($0[2]) == nil }
        tables =
            isOpen
            ? nil
            : Set(lines.compactMap { line in UInt32(line[2]).map { Table(isIPv6: line[0] == "6", number: $0) } })
    }

    func mayUse(_ route: Route) -> Bool {
        guard let tables else { return true }
        return tables.contains(Table(isIPv6: route.destination.address.isIPv6, number: route.table))
    }

    /// What `SysfsPath.recordedRules` holds for this host: lines `4 32766 254` of `pb_rules`.
    static func recordedText(in tree: HostTree) -> String? {
        guard tree.isLive else { return tree.text(SysfsPath.recordedRules) }
        return NetlinkText.answer(in: tree) { pb_rules(&$0) }
    }
}

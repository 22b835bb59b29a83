import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay group`
struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "IOMMU groups: devices that can only be handed over together.",
        subcommands: [GroupList.self, GroupShow.self])
}

/// How groups are listed as a table; their own form is the tree.
enum GroupListing {
    static let all = Listing<API.Group>(
        columns: [
            Column("host") { Cell($0.host) },
            Column("group", .right) { Cell($0.number) },
            Column("type", isWide: true) { Cell($0.domainType) },
            Column("devices", .right) { Cell($0.members.filter { !$0.isBridge }.count) },
            Column("bridges", .right) { Cell($0.members.filter(\.isBridge).count) },
            Column("isolation") { Cell($0.isolation?.words, $0.isolationColour) },
            Column("states") { Cell(CountWords.states($0.members.countsByState)) },
            Column("members", shrinks: true) { Cell($0.members.map(\.address).joined(separator: " ")) },
        ],
        name: { "\($0.host)/\($0.number)" },
        empty: ["No IOMMU groups.", "next  See why:  patchbay host show HOST"])
}

extension API.Group {
    /// Beside the word, never in its place.
    var isolationColour: Colour? {
        switch isolation.flatMap({ GroupIsolation.Verdict(rawValue: $0.verdict) }) {
        case .isolated: membersOfHost.isEmpty ? .green : .yellow
        case .notIsolated: .red
        case .unknown, nil: .yellow
        }
    }
}

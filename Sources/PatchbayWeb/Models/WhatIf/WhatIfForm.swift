import PatchbayAPI
import PatchbayCore

/// A question about a fleet that is not there, with its answer beside it.
struct WhatIfForm: Sendable {
    /// Names that are offered while one types.
    static let mostNames = 400

    let changes: [ScenarioLine]
    /// Hosts, then devices of pools.
    let names: [Choice]
    let count: String
    let countHint: Hint?
    let guest: GuestFields
    let shows: [Choice]
    let hasNoPools: Bool
    let answer: WhatIfAnswer

    init(
        _ entry: WhatIfEntry, hosts: [String], pools: [API.Pool], profiles: [API.Profile], answer: WhatIfAnswer
    ) {
        self.changes =
            entry.changes.indices.map {
                ScenarioLine($0 + 1, entry.changes[$0], note: entry.state.problems[.change($0)])
            } + [ScenarioLine(entry.changes.count + 1, nil, note: nil)]
        self.names = Self.names(hosts, pools)
        self.count = entry.fields.raw("vms") ?? ""
        self.countHint = entry.state.hint(.count)
        let poolNames = pools.map(\.name)
        self.guest = GuestFields(entry, pools: poolNames, profiles: profiles)
        self.shows = Choice.of(poolNames, typed: entry.fields.raw("show"), none: "those concerned")
        self.hasNoPools = pools.isEmpty
        self.answer = answer
    }

    private static func names(_ hosts: [String], _ pools: [API.Pool]) -> [Choice] {
        var seen: Set<String> = []
        let devices = pools.flatMap(\.devices).filter { seen.insert($0.id).inserted }
        return hosts.prefix(mostNames / 2).map { Choice($0, "host") }
            + devices.prefix(mostNames / 2).map { Choice($0.shortID, $0.briefName) }
    }
}

import PatchbayAPI
import PatchbayCore

/// A question about a fleet that is not there, with its answer beside it.
struct WhatIfForm: Sendable {
    /// Names that are offered while one types.
    static let mostNames = 400

    let changes: [ImaginedLine]
    /// Hosts, then devices of pools.
    let names: [Choice]
    let count: String
    let profiles: [Choice]
    let hasProfiles: Bool
    let vcpus: String
    let memory: String
    let pins: [Choice]
    let pages: [Choice]
    let cells: String
    let hasSeat: Bool
    let hosts: String
    let labels: String
    let strategies: [Choice]
    let hasHostChoice: Bool
    let lines: [ClaimRequestFields]
    let shows: [Choice]
    let hints: Hints
    let hasNoPools: Bool
    let answer: WhatIfAnswer

    /// What is wrong with single fields, for the places beside them.
    struct Hints: Sendable {
        let count: Hint?
        let vcpus: Hint?
        let memory: Hint?
        let pin: Hint?
        let pages: Hint?
        let cells: Hint?
        let hosts: Hint?
        let labels: Hint?
    }

    init(
        _ typing: WhatIfTyping, hosts: [String], pools: [API.Pool], profiles: [API.Profile], answer: WhatIfAnswer
    ) {
        let typed = typing.fields
        self.changes =
            typing.changes.indices.map {
                ImaginedLine($0 + 1, typing.changes[$0], note: typing.problems[.change($0)])
            } + [ImaginedLine(typing.changes.count + 1, nil, note: nil)]
        self.names = Self.names(hosts, pools)
        self.count = typed.raw("vms") ?? ""
        self.profiles = Self.choices(profiles.map(\.name), typed.raw("profile"), none: "–")
        self.hasProfiles = self.profiles.count > 1
        self.vcpus = typed.raw("vcpus") ?? ""
        self.memory = typed.raw("memoryMiB") ?? ""
        let pin = typed.raw("pin") ?? ""
        self.pins =
            [Choice("", "as usual", selected: pin)]
            + PinPolicy.allCases.map { Choice($0.rawValue, SeatCard.words($0), selected: pin) }
        self.pages = Self.choices(["2M", "1G"], typed.raw("hugepages"), none: "ordinary")
        self.cells = typed.raw("cells") ?? ""
        self.hasSeat = typed["pin"] != nil || typed["hugepages"] != nil || typed["cells"] != nil
        self.hosts = typed.raw("hosts") ?? ""
        self.labels = typed.raw("labels") ?? ""
        self.strategies = HostChoice.strategies(typed)
        self.hasHostChoice = HostChoice.isMade(typed)
        let names = pools.map(\.name)
        self.lines =
            typing.requests.indices.map {
                ClaimRequestFields($0 + 1, typing.requests[$0], pools: names, note: typing.problems[.request($0)])
            } + [ClaimRequestFields(typing.requests.count + 1, nil, pools: names, note: nil)]
        self.shows = Self.choices(names, typed.raw("show"), none: "those concerned")
        self.hints = Hints(
            count: typing.hint(.count), vcpus: typing.hint(.vcpus), memory: typing.hint(.memory),
            pin: typing.hint(.pin), pages: typing.hint(.hugepages), cells: typing.hint(.cells),
            hosts: typing.hint(.hosts), labels: typing.hint(.labels))
        self.hasNoPools = pools.isEmpty
        self.answer = answer
    }

    /// What was typed is offered, too, where it is none of them.
    private static func choices(_ names: [String], _ typed: String?, none: String) -> [Choice] {
        let typed = typed?.trimmed ?? ""
        let all = typed.isEmpty || names.contains(typed) ? names : names + [typed]
        return [Choice("", none, selected: typed)] + all.map { Choice($0, $0, selected: typed) }
    }

    private static func names(_ hosts: [String], _ pools: [API.Pool]) -> [Choice] {
        var seen: Set<String> = []
        let devices = pools.flatMap(\.devices).filter { seen.insert($0.id).inserted }
        return hosts.prefix(mostNames / 2).map { Choice($0, "host") }
            + devices.prefix(mostNames / 2).map { Choice($0.shortID, $0.briefName) }
    }
}

import PatchbayAPI
import PatchbayCore

/// The fields of a guest: its size, its CPUs and pages, what it asks for, where it may be. The forms for a VM and for a
/// question have the same.
struct GuestFields: Sendable, Hashable {
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
    let hints: Hints

    /// What is wrong with single fields, for the places beside them.
    struct Hints: Sendable, Hashable {
        let vcpus: Hint?
        let memory: Hint?
        let pin: Hint?
        let pages: Hint?
        let cells: Hint?
        let labels: Hint?
    }

    init(_ entry: WhatIfEntry, pools: [String], profiles: [API.Profile]) {
        let typed = entry.fields
        self.profiles = Choice.of(profiles.map(\.name), typed: typed.raw("profile"), none: "–")
        self.hasProfiles = self.profiles.count > 1
        self.vcpus = typed.raw("vcpus") ?? ""
        self.memory = typed.raw("memoryMiB") ?? ""
        let pin = typed.raw("pin") ?? ""
        self.pins =
            [Choice("", "as usual", selected: pin)]
            + PinPolicy.allCases.map { Choice($0.rawValue, SeatCard.words($0), selected: pin) }
        self.pages = Choice.of(["2M", "1G"], typed: typed.raw("hugepages"), none: "ordinary")
        self.cells = typed.raw("cells") ?? ""
        self.hasSeat = typed["pin"] != nil || typed["hugepages"] != nil || typed["cells"] != nil
        self.hosts = typed.raw("hosts") ?? ""
        self.labels = typed.raw("labels") ?? ""
        self.strategies = HostChoice.strategies(typed)
        self.hasHostChoice = HostChoice.isMade(typed)
        self.lines =
            entry.requests.indices.map {
                ClaimRequestFields($0 + 1, entry.requests[$0], pools: pools, note: entry.state.problems[.request($0)])
            } + [ClaimRequestFields(entry.requests.count + 1, nil, pools: pools, note: nil)]
        self.hints = Hints(
            vcpus: entry.state.hint(.vcpus), memory: entry.state.hint(.memory), pin: entry.state.hint(.pin),
            pages: entry.state.hint(.hugepages), cells: entry.state.hint(.cells), labels: entry.state.hint(.labels))
    }
}

extension Choice {
    /// What was typed is offered, too, where it is none of them.
    static func of(_ names: [String], typed: String?, none: String) -> [Choice] {
        let typed = typed?.trimmed ?? ""
        let all = typed.isEmpty || names.contains(typed) ? names : names + [typed]
        return [Choice("", none, selected: typed)] + all.map { Choice($0, $0, selected: typed) }
    }
}

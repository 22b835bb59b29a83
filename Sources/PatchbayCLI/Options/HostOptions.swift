import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PlacementStrategy: ExpressibleByArgument {}

/// Which hosts may serve what is asked for.
struct HostOptions: ParsableArguments {
    @Option(
        name: .customLong("host"), parsing: .singleValue,
        help: ArgumentHelp(
            "Consider only this host; repeat it to allow several. All hosts when omitted.", valueName: "host"),
        completion: .names(.host))
    var hosts: [String] = []
    @OptionGroup var choice: HostChoiceOptions

    /// nil: any host may serve it.
    var named: [String]? { hosts.isEmpty ? nil : hosts }
}

/// Which host is taken where none is named.
struct HostChoiceOptions: ParsableArguments {
    @Option(
        name: .customLong("label"), parsing: .singleValue,
        help: ArgumentHelp("A label that the host must have (repeatable).", valueName: "name=value"))
    var labels: [String] = []
    @Option(help: "pack: prefer the host with the fewest free devices; spread: the one with the most.")
    var strategy: PlacementStrategy?

    /// nil: any host.
    func neededLabels() throws(Problem) -> [String: String]? {
        labels.isEmpty ? nil : try PairText.pairs(labels, of: "label")
    }
}

import ArgumentParser
import PatchbayAPI

/// `--tag physical_network=lan`
struct RuleTagOptions: ParsableArguments {
    @Option(
        name: .customLong("tag"), parsing: .singleValue,
        help: ArgumentHelp(
            "A tag that the rule's devices have in this pool; NAME= removes it (repeatable).", valueName: "name=value"))
    var tags: [String] = []

    func validate() throws {
        for tag in tags where !tag.contains("=") || tag.hasPrefix("=") {
            throw ValidationError("--tag is \"\(tag)\"; write NAME=VALUE")
        }
    }

    /// The rules with these tags beside those they have.
    func applied(to rules: [API.Rule]) -> [API.Rule] {
        guard !tags.isEmpty else { return rules }
        return rules.map { rule in
            var rule = rule
            var all = rule.tags ?? [:]
            for tag in tags {
                let halves = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                all[halves[0]] = halves[1].isEmpty ? nil : halves[1]
            }
            rule.tags = all.isEmpty ? nil : all
            return rule
        }
    }
}

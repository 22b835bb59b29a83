import PatchbayAPI
import PatchbayCore
import PatchbayText

/// Which hosts may serve what is asked for, as people type it: names with commas or spaces, labels a line each.
enum HostChoice {
    /// nil: any.
    static func hosts(_ fields: FormFields) -> [String]? {
        let hosts = (fields["hosts"] ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
        return hosts.isEmpty ? nil : hosts
    }

    /// nil: any. Throws `.malformedInput` for what is no label.
    static func labels(_ fields: FormFields) throws(Problem) -> [String: String]? {
        guard let text = fields["labels"] else { return nil }
        let labels = try NamedValues.parse(text, "label", example: "zone=a")
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) { try LabelWords.check(name, value) }
        return labels.isEmpty ? nil : labels
    }

    static func strategy(_ fields: FormFields) -> PlacementStrategy? {
        PlacementStrategy(rawValue: fields["strategy"] ?? "")
    }

    /// The form's choices.
    static func strategies(_ fields: FormFields) -> [Choice] {
        let chosen = fields.raw("strategy") ?? PlacementStrategy.pack.rawValue
        return PlacementStrategy.allCases.map { Choice($0.rawValue, ClaimPage.words($0), selected: chosen) }
    }

    /// Something is said that is not what happens anyway.
    static func isMade(_ fields: FormFields) -> Bool {
        fields["hosts"] != nil || fields["labels"] != nil || strategy(fields) ?? .pack != .pack
    }
}

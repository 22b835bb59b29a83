import PatchbayAPI
import PatchbayCore

extension ClaimEntry {
    private static let separator: Character = ";"

    /// What the button of a fix sends; nil: the form has no field for a part of it.
    func use(for fix: API.Fix) -> String? {
        let uses = fix.steps.compactMap(use)
        return uses.count == fix.steps.count ? uses.joined(separator: String(Self.separator)) : nil
    }

    private func use(for step: API.Fix.Part) -> String? {
        switch step.change {
        case "any-host": return step.change
        case "count", "numa", "group", "topology", "tags", "optional":
            guard let line = requestNames.first(where: { $0.value == step.request })?.key else { return nil }
            return "\(step.change) \(line) \(step.value ?? "")"
        default: return nil
        }
    }

    /// The form with a fix made; as it is where `use` is not one of ours.
    static func using(_ use: String, in fields: FormFields) -> FormFields {
        use.split(separator: separator).reduce(fields) { usingStep($1, in: $0) }
    }

    private static func usingStep(_ use: Substring, in fields: FormFields) -> FormFields {
        let words = use.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words == ["any-host"] { return fields.setting("hosts", at: 0, to: "").setting("labels", at: 0, to: "") }
        guard words.count == 3, let line = Int(words[1]) else { return fields }
        return switch words[0] {
        case "count", "numa", "group", "topology", "tags": fields.setting(words[0], at: line, to: words[2])
        case "optional": fields.setting("need", at: line, to: "optional")
        default: fields
        }
    }
}

import PatchbayAPI
import PatchbayCore

extension ClaimTyping {
    /// What the button of a fix sends; nil: the form has no field for it.
    func use(for fix: API.Fix) -> String? {
        switch fix.change {
        case "any-host": return fix.change
        case "count", "numa", "group", "topology", "tags", "optional":
            guard let line = requestNames.first(where: { $0.value == fix.request })?.key else { return nil }
            return "\(fix.change) \(line) \(fix.value ?? "")"
        default: return nil
        }
    }

    /// The form with a fix made; as it is where `use` is not one of ours.
    static func using(_ use: String, in fields: FormFields) -> FormFields {
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

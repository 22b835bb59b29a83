import PatchbayAPI
import PatchbayCore

/// Where things are. Every path segment is encoded here and nowhere else.
enum Link {
    static func host(_ name: String) -> String { path("hosts", name) }
    static func vm(_ name: String) -> String { path("vms", name) }
    static func pool(_ name: String) -> String { path("pools", name) }
    static func rule(_ rule: String, of pool: String) -> String { path("pools", pool, "rules", rule) }
    static func claim(_ id: String) -> String { path("claims", id) }
    /// The claims in which all the words occur.
    static func claims(filter: String) -> String { "/claims?filter=\(Percent.encode(filter))" }
    /// What the server has stored and cannot read.
    static let store = "/store"
    static func plan(_ id: String) -> String { path("plans", id) }
    static func device(_ device: API.Device) -> String { Self.device(id: device.shortID) }

    /// `id`: `atlas/41:00.0`
    static func device(id: String) -> String {
        path("devices", String(id.prefix { $0 != "/" }), String(id.drop { $0 != "/" }.dropFirst()))
    }

    /// The form for a VM, filled in.
    static func newVM(_ fields: FormFields) -> String { "/vms/new?\(fields.encoded)" }

    /// A question about a fleet that is not there, by the fields of its form.
    static func whatIf(_ fields: [(String, String)]) -> String {
        let query = FormFields(fields.map { .init(name: $0.0, value: $0.1) }).encoded
        return query.isEmpty ? "/whatif" : "/whatif?\(query)"
    }

    /// `change`: `drain`, `host-gone`, `device-gone`
    static func whatIf(_ change: ScenarioLine.Kind, _ what: String) -> String {
        whatIf([("change", change.rawValue), ("what", what)])
    }

    static func devices(filter: String = "", kind: DeviceKind = .pci, host: String = "") -> String {
        DeviceListPage.Query(kind: kind, filter: filter, host: host).link()
    }

    /// The page of what an event or a change is about: `plan p-7f31`, `device atlas/0000:41:00.0`.
    static func subject(_ subject: String) -> String? {
        let words = subject.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return nil }
        return switch words[0] {
        case "host": host(words[1])
        case "vm": vm(words[1])
        case "pool": pool(words[1])
        case "plan": plan(words[1])
        case "claim": claim(words[1])
        case "device" where words[1].contains("/"): device(id: words[1])
        default: nil
        }
    }

    private static func path(_ segments: String...) -> String {
        segments.map { "/" + Percent.encode($0) }.joined()
    }
}

import Mustache

/// A value of a page as templates see it: its properties by name, read once.
///
/// Mustache by itself reflects on a value anew for every name that a template mentions, and on all values around it where the
/// name is none of its own: most of the time that a large page takes.
struct Properties: MustacheParent {
    private let byName: [String: Any]

    /// What templates see of a value: text and numbers as they are, lists item by item, everything else by its properties.
    /// nil: an optional without a value.
    static func of(_ value: Any) -> Any? {
        if value is String || value is Bool || value is Int { return value }
        if let list = value as? [Any] { return list.compactMap(of) }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { of($0.value) }
        case .struct: return Properties(mirror)
        default: return value
        }
    }

    init(of value: some Sendable) { self.init(Mirror(reflecting: value)) }

    private init(_ mirror: Mirror) {
        var byName: [String: Any] = [:]
        for (name, value) in mirror.children {
            if let name, let seen = Self.of(value) { byName[name] = seen }
        }
        self.byName = byName
    }

    func child(named name: String) -> Any? { byName[name] }
}

import PatchbayCore

/// Nova's `[pci] alias` settings: names under which flavors ask for devices.
///
/// Source: the configuration reference of OpenStack Nova, `pci.alias`, and what Nova 34 makes of it.
struct NovaAlias: Hashable, Sendable {
    /// Without blanks around it.
    var name: String
    /// nil: none is said, which means `legacy`.
    var numaPolicy: String?
    /// What a device has to be, one of them; the keys are those of a request: `vendor_id`, `dev_type`, `resource_class`, …
    var specs: [[String: String]]

    private static let deviceTypes = ["type-PCI", "type-PF", "type-VF"]
    private static let policies = ["required", "preferred", "legacy", "socket"]
    private static let keys: Set = [
        "name", "vendor_id", "product_id", "device_type", "numa_policy", "resource_class", "traits", "live_migratable",
        "capability_type",
    ]

    /// Reads all settings of a host, one JSON object each. A name that stands in several of them asks for one or the other.
    ///
    /// - Parameter usesPlacement: `[filter_scheduler] pci_in_placement`: then a resource class can stand for the ids, and a
    ///   name can stand in one setting only.
    static func parse(_ texts: [String], usesPlacement: Bool) throws(NovaRefusal) -> [NovaAlias] {
        var aliases: [NovaAlias] = []
        for text in texts {
            let alias = try NovaAlias(text, usesPlacement: usesPlacement)
            guard let index = aliases.firstIndex(where: { $0.name == alias.name }) else {
                aliases.append(alias)
                continue
            }
            try aliases[index].merge(alias, usesPlacement: usesPlacement)
        }
        return aliases
    }

    private mutating func merge(_ other: NovaAlias, usesPlacement: Bool) throws(NovaRefusal) {
        guard !usesPlacement else {
            throw Self.malformed("\(name) stands in two aliases, which placement cannot serve.")
        }
        guard numaPolicy == other.numaPolicy else {
            throw Self.malformed("The aliases named \(name) have two policies.")
        }
        let types = Set((specs + other.specs).map { $0["dev_type"] })
        guard types.count == 1, types.first != .some(nil) else {
            throw Self.malformed("The aliases named \(name) must have one and the same device_type.")
        }
        specs += other.specs
    }

    private init(_ text: String, usesPlacement: Bool) throws(NovaRefusal) {
        let value: NovaValue
        do { value = try NovaValue(parsing: text) } catch {
            throw Self.malformed("This is no JSON text: \(error.detail)")
        }
        guard case .object(let fields) = value else {
            throw Self.malformed("An alias is an object, not \(value.kind).")
        }
        if let unknown = fields.keys.filter({ !Self.keys.contains($0) }).min() {
            throw Self.malformed("An alias has no key \"\(unknown)\".")
        }
        var words: [String: String] = [:]
        for (key, value) in fields {
            guard case .text(let word) = value else { throw Self.malformed("\(key) is a text, not \(value.kind).") }
            words[key] = word
        }
        try Self.check(words, usesPlacement)
        name = (words["name"] ?? "").trimmingBlanks
        numaPolicy = words["numa_policy"]
        words["dev_type"] = words["device_type"]
        for key in ["name", "numa_policy", "device_type"] { words[key] = nil }
        if let truth = words["live_migratable"].flatMap({ NovaText.truth(.text($0)) }) {
            words["live_migratable"] = truth ? "true" : "false"
        }
        specs = [words]
    }

    private static func check(_ words: [String: String], _ usesPlacement: Bool) throws(NovaRefusal) {
        guard let name = words["name"], (1...256).contains(name.unicodeScalars.count) else {
            throw malformed("An alias needs a name of 1 to 256 characters.")
        }
        for key in ["vendor_id", "product_id"] {
            guard let id = words[key] else { continue }
            guard id.utf8.count == 4, id.count == 4, id.allSatisfy(\.isHexDigit) else {
                throw malformed("\(key) of \(name) is not four hexadecimal digits.")
            }
        }
        let allowed: [(String, [String])] = [
            ("device_type", deviceTypes), ("numa_policy", policies), ("capability_type", ["pci"]),
        ]
        for (key, known) in allowed {
            if let word = words[key], !known.contains(word) {
                throw malformed("\(key) of \(name) is \"\(word)\", which is none of \(known.joined(separator: ", ")).")
            }
        }
        if let word = words["live_migratable"], NovaText.truth(.text(word)) == nil {
            throw malformed("live_migratable of \(name) says neither yes nor no.")
        }
        let hasIDs = words["vendor_id"] != nil && words["product_id"] != nil
        guard hasIDs || usesPlacement && words["resource_class"] != nil else {
            throw malformed("\(name) does not say which devices: it needs vendor_id and product_id.")
        }
    }

    private static func malformed(_ sentence: String) -> NovaRefusal { NovaRefusal(.malformedAlias, sentence) }
}

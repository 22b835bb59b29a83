/// `etc/os-release`: `KEY=value` or `KEY="value"` a line (os-release(5)).
struct OSRelease {
    private var values: [String: String] = [:]

    init(_ tree: HostTree) {
        let text = tree.text(SysfsPath.distribution) ?? tree.text(SysfsPath.vendorDistribution) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingBlanks.filter { $0 != "\"" && $0 != "'" }
            if !value.isEmpty { values[String(parts[0].trimmingBlanks)] = value }
        }
    }

    /// Whether any of its values has this name in it, whatever the case: systems that are built on others say so in one of them.
    func mentions(_ name: String) -> Bool { values.values.contains { $0.lowercased().contains(name) } }

    var prettyName: String? { values["PRETTY_NAME"] }
    /// `debian`
    var id: String? { values["ID"] }
    /// `ID_LIKE`: `["rhel", "fedora"]`
    var family: [String] { (values["ID_LIKE"] ?? "").split(separator: " ").map(String.init) }
    var isSUSE: Bool { ([id ?? ""] + family).contains { $0.contains("suse") || $0 == "sles" || $0 == "sled" } }

    /// Of SUSE, those whose root is replaced as a whole.
    var isTransactional: Bool {
        let names = [
            "opensuse-microos", "opensuse-leap-micro", "opensuse-aeon", "opensuse-kalpa", "aeon", "kalpa", "sle-micro",
            "sl-micro", "suse-microos",
        ]
        return ([id ?? ""] + family).contains { names.contains($0) }
    }
}

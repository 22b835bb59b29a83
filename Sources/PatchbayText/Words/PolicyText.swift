import PatchbayCore

/// Pools and profiles as the lines of a YAML document that says the whole of them, always the same for the same.
///
/// What `patchbay export` prints, `patchbay apply` reads, and differences are told in: docs/policy.md.
package struct PolicyText: Hashable, Sendable {
    package private(set) var lines: [String] = []

    package init(_ pool: PatchbayCore.Pool) {
        add("pool", pool.name)
        if pool.kind != .pci { add("kind", pool.kind.rawValue) }
        if !pool.summary.isEmpty { add("description", pool.summary) }
        add("class", pool.deviceClass.rawValue)
        add("prepare", pool.preparation.rawValue)
        if pool.stickiness != .storage { add("sticky", pool.stickiness.rawValue) }
        if let reset = pool.guestReset { add("guest-reset", reset.rawValue) }
        lines.append(pool.rules.isEmpty ? "rules: []" : "rules:")
        for rule in pool.rules { addItem(Self.fields(of: rule)) }
    }

    package init(_ profile: PatchbayCore.Profile) {
        add("profile", profile.name)
        if !profile.summary.isEmpty { add("description", profile.summary) }
        if let vcpus = profile.vcpus { lines.append("vcpus: \(vcpus)") }
        if let memory = profile.memoryMiB { lines.append("memoryMiB: \(memory)") }
        if let pin = profile.pin { add("pin", pin.rawValue) }
        if let size = profile.hugepageKiB { lines.append("hugepages: \(HugepageWords.size(kibibytes: size))") }
        if let cells = profile.cells { lines.append("cells: \(cells)") }
        if !profile.requests.isEmpty { lines.append("requests:") }
        for request in profile.requests { addItem(Self.fields(of: request)) }
    }

    private mutating func add(_ key: String, _ value: String) { lines.append(Self.line(key, value)) }

    /// A mapping as an element of a list.
    private mutating func addItem(_ fields: [String]) {
        for (index, field) in fields.enumerated() { lines.append((index == 0 ? "  - " : "    ") + field) }
    }

    private static func line(_ key: String, _ value: String) -> String { "\(key): \(YAMLScalar.text(value))" }

    private static func fields(of rule: PatchbayCore.Rule) -> [String] {
        var fields = [line("name", rule.name)]
        if let host = rule.host { fields.append(line("host", host)) }
        if !rule.isEnabled { fields.append("enabled: false") }
        fields.append(line("where", DeviceFilter(rule.conditions).description))
        fields += Self.fields(of: rule.tags)
        if let device = rule.madeFrom { fields.append(line("madeFrom", device.description)) }
        return fields
    }

    private static func fields(of request: PatchbayCore.Request) -> [String] {
        var fields = [line("name", request.name)]
        switch request.target {
        case .pool(let pool): fields.append(line("pool", pool))
        case .device(let id): fields.append(line("device", id.description))
        }
        if request.count != 1 { fields.append("count: \(request.count)") }
        if request.isOptional { fields.append("optional: true") }
        if let numa = request.numa { fields.append(line("numa", numa.rawValue)) }
        if request.group != .none { fields.append(line("group", request.group.rawValue)) }
        if let topology = request.topology { fields.append(line("topology", topology.rawValue)) }
        return fields + Self.fields(of: request.tags)
    }

    private static func fields(of tags: [String: String]) -> [String] {
        guard !tags.isEmpty else { return [] }
        return ["tags:"]
            + tags.sorted { $0.key < $1.key }.map { "  \(YAMLScalar.text($0.key)): \(YAMLScalar.text($0.value))" }
    }
}

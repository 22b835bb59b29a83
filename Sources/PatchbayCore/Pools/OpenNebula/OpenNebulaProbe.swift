/// OpenNebula's probe configuration: which devices of a host are shown. What is set has to hold together; where nothing
/// is set, nothing is shown.
package struct OpenNebulaProbe: Sendable {
    private var patterns: [OpenNebulaPattern]
    private var addresses: Set<Int>
    private var names: [String]

    /// - Parameters:
    ///   - filter: `:filter:`, entries `vendor:device:class`.
    ///   - shortAddresses: `:short_address:`, entries `BB:SS.F`.
    ///   - deviceNames: `:device_name:`, regular expressions found anywhere in the name, whatever the case.
    ///
    /// Throws `.malformedRule`.
    package init(filter: [String], shortAddresses: [String], deviceNames: [String]) throws(Problem) {
        guard let patterns = Self.each(filter, OpenNebulaPattern.list) else {
            throw Self.malformed("filter", filter, "10de:*:0302")
        }
        guard let addresses = Self.each(shortAddresses, OpenNebulaPattern.shortAddresses) else {
            throw Self.malformed("short_address", shortAddresses, "41:00.0")
        }
        for name in deviceNames { _ = try RuleExpression.compile(name) }
        self.patterns = patterns
        self.addresses = Set(addresses)
        names = deviceNames
    }

    private static func each<Items: Collection>(
        _ texts: [String], _ read: (String) -> Items?
    ) -> [Items.Element]? {
        var items: [Items.Element] = []
        for text in texts {
            guard let read = read(text) else { return nil }
            items += read
        }
        return items
    }

    private static func malformed(_ key: String, _ values: [String], _ example: String) -> Problem {
        Problem(
            .malformedRule, "\"\(values.joined(separator: ", "))\" is no \(key) of an OpenNebula probe.",
            next: ["Write entries like \(example)."])
    }

    /// The functions that the probe shows. Their device's name is compared, without the vendor's.
    package func matches(among functions: [PCIFunction]) -> [PCIFunction] {
        guard !patterns.isEmpty || !addresses.isEmpty || !names.isEmpty else { return [] }
        let expressions = names.compactMap { try? RuleExpression.compile($0).ignoresCase() }
        return functions.filter { function in
            let name = function.deviceName ?? "Device \(function.id.device.hex(4))"
            return (patterns.isEmpty || patterns.contains { $0.matches(function) })
                && (addresses.isEmpty || addresses.contains(function.address.number & 0xffff))
                && (expressions.isEmpty || expressions.contains { (try? $0.firstMatch(in: name)) != nil })
        }
    }
}

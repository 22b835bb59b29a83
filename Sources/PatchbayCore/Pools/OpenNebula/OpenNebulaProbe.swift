/// OpenNebula's probe configuration: which devices of a host are shown. What is set has to hold together; where nothing
/// is set, nothing is shown.
package struct OpenNebulaProbe: Sendable {
    private var patterns: [OpenNebulaPattern]
    private var addresses: Set<Int>
    private var names: [RuleExpression]

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
        self.patterns = patterns
        self.addresses = Set(addresses)
        names = try deviceNames.map { (name) throws(Problem) in try RuleExpression(name, ignoresCase: true) }
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
        return functions.filter { function in
            let name = function.deviceName ?? "Device \(function.id.device.hex(4))"
            return (patterns.isEmpty || patterns.contains { $0.matches(function) })
                && (addresses.isEmpty || addresses.contains(function.address.number & 0xffff))
                && (names.isEmpty || names.contains { $0.isFound(in: name) })
        }
    }
}

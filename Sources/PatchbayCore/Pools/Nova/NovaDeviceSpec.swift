/// One entry of Nova's `[pci] device_spec`: which devices of a host may be passed through, and what is said of them.
///
/// Source: the configuration reference of OpenStack Nova, `pci.device_spec`, and what Nova 34 makes of it.
package struct NovaDeviceSpec: Sendable {
    /// Where a device has to be.
    package enum Place: Sendable {
        case address(NovaAddressPattern)
        /// On the function that carries the interface of this name, which is looked up each time.
        case interface(String)
    }
    /// nil: any.
    package var vendor: UInt16?
    /// nil: any.
    package var product: UInt16?
    package var place: Place
    /// Everything else that the entry says. `managed`, `live_migratable` and `one_time_use` are "true" or "false" here.
    package var tags: [String: NovaValue]

    /// Reads one JSON text of the configuration: an entry or a list of entries.
    ///
    /// - Parameters:
    ///   - host: what the entries are checked against; nil: they are checked by themselves alone.
    ///   - reportsToPlacement: `[pci] report_in_placement`, without which nothing can be used one time only.
    package static func parse(
        _ text: String, on host: NovaHost? = nil, reportsToPlacement: Bool = false
    ) throws(NovaRefusal) -> [NovaDeviceSpec] {
        let value: NovaValue
        do { value = try NovaValue(parsing: text) } catch {
            throw NovaRefusal(.malformed, "This device_spec is no JSON text. \(error.detail)")
        }
        var specs: [NovaDeviceSpec] = []
        for entry in try entries(value) {
            let spec = try NovaDeviceSpec(entry, reportsToPlacement: reportsToPlacement)
            if let host { try spec.check(on: host) }
            specs.append(spec)
        }
        return specs
    }

    private static func entries(_ value: NovaValue) throws(NovaRefusal) -> [[String: NovaValue]] {
        if case .object(let fields) = value { return [fields] }
        guard case .list(let values) = value else {
            throw NovaRefusal(.malformed, "A device_spec is an object or a list of objects, not \(value.kind).")
        }
        var entries: [[String: NovaValue]] = []
        for value in values {
            guard case .object(let fields) = value else {
                throw NovaRefusal(.malformed, "An entry of a device_spec is an object, not \(value.kind).")
            }
            entries.append(fields)
        }
        return entries
    }

    package init(_ fields: [String: NovaValue], reportsToPlacement: Bool) throws(NovaRefusal) {
        var tags = fields
        vendor = try Self.id(tags.removeValue(forKey: "vendor_id"), "vendor_id")
        product = try Self.id(tags.removeValue(forKey: "product_id"), "product_id")
        let address = tags.removeValue(forKey: "address") ?? .null
        switch tags.removeValue(forKey: "devname") ?? .null {
        case .text(let name) where !name.isEmpty:
            guard address.isEmpty else {
                throw NovaRefusal(.twoPlaces, "A device_spec has either an address or a devname, not both.")
            }
            place = .interface(name)
        case let other where other.isEmpty: place = .address(try NovaAddressPattern(address))
        case let other: throw NovaRefusal(.malformed, "devname is a text, not \(other.kind).")
        }
        for name in ["managed", "live_migratable", "one_time_use"] { try Self.settleTruth(of: name, in: &tags) }
        self.tags = tags
        guard tags["one_time_use"] != .text("true") || reportsToPlacement else {
            throw NovaRefusal(.malformed, "one_time_use needs report_in_placement to be on.")
        }
    }

    private static func id(_ value: NovaValue?, _ name: String) throws(NovaRefusal) -> UInt16? {
        guard let value else { return nil }
        guard case .text(let text) = value else {
            throw NovaRefusal(.malformed, "\(name) is a text, not \(value.kind).")
        }
        if text == "*" { return nil }
        guard let number = NovaText.hexadecimal(text.trimmingBlanks), let id = UInt16(exactly: number) else {
            throw NovaRefusal(.malformed, "\"\(text)\" is no \(name): hexadecimal digits up to ffff, or *.")
        }
        return id
    }

    private static func settleTruth(of name: String, in tags: inout [String: NovaValue]) throws(NovaRefusal) {
        guard let value = tags[name], value != .null else { return }
        guard let truth = NovaText.truth(value) else {
            throw NovaRefusal(.malformed, "\(name) says neither yes nor no.")
        }
        tags[name] = .text(truth ? "true" : "false")
    }

    /// The device is managed from elsewhere (a SmartNIC). Any word that is not one for true means false.
    package var isRemoteManaged: Bool { tags["remote_managed"].flatMap(NovaText.truth) ?? false }
}

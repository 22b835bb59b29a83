import PatchbayCore

/// A provider while the devices behind it are put together. It says no to what one provider cannot stand for.
struct NovaProviderDraft {
    let name: String
    private(set) var terms: NovaDeviceTerms
    private(set) var devices: [NovaTrackedDevice]

    /// Throws `.unreportable` for a virtual function that one_time_use is said of.
    init(name: String, first device: NovaTrackedDevice, _ terms: NovaDeviceTerms) throws(NovaRefusal) {
        self.name = name
        self.terms = terms
        devices = [device]
        try Self.checkUse(device, terms)
    }

    /// It stands for a physical function itself, not for its virtual ones.
    var isOfParent: Bool { devices.first?.isChild == false }

    /// Throws `.dependentDevices`, `.mixedClasses`, `.mixedTraits`, `.unreportable`.
    mutating func add(_ device: NovaTrackedDevice, _ terms: NovaDeviceTerms) throws(NovaRefusal) {
        guard !isOfParent, device.isChild, let first = devices.first else {
            let whole = isOfParent ? devices.first ?? device : device
            throw NovaRefusal(
                .dependentDevices,
                "The device_spec names \(whole.device.address) and virtual functions of it, such as "
                    + "\((isOfParent ? device : devices[0]).device.address): only the one or the others can be used.")
        }
        let pair = "\(first.device.address) and \(device.device.address), both of \(device.root),"
        guard terms.resourceClass == self.terms.resourceClass else {
            throw NovaRefusal(
                .mixedClasses,
                "\(pair) have different resource classes: \(self.terms.resourceClass) and \(terms.resourceClass).")
        }
        guard terms.traits == self.terms.traits else {
            let difference = Set(terms.traits).symmetricDifference(self.terms.traits)
            throw NovaRefusal(
                .mixedTraits,
                "\(pair) have different traits: \(NovaNames.sorted(difference).joined(separator: ", ")) not on both.")
        }
        try Self.checkUse(device, terms)
        devices.append(device)
    }

    private static func checkUse(_ device: NovaTrackedDevice, _ terms: NovaDeviceTerms) throws(NovaRefusal) {
        guard device.isChild, terms.oneTimeUse != nil else { return }
        throw NovaRefusal(
            .unreportable,
            "one_time_use is said of \(device.device.address), a virtual function, for which it means nothing.")
    }

    /// - Parameters:
    ///   - kept: devices of it that no entry matches any more, and that are held with what they were allocated as.
    ///   - used: what is allocated from it, by class.
    ///   - before: the provider as placement knows it.
    func provider(kept: [NovaTrackedDevice], used: [String: Int], before: NovaProvider?) -> NovaProvider {
        let own = used[terms.resourceClass] ?? 0
        let total = max(devices.count + kept.count, own)
        var reserved = before?.inventories[terms.resourceClass]?.reserved ?? 0
        if terms.oneTimeUse == true, own > 0 || devices.contains(where: { $0.holder != nil }) { reserved = total }
        return NovaProvider(
            name: name, traits: terms.traits,
            inventories: [terms.resourceClass: NovaInventory(total: total, reserved: min(reserved, total))])
    }
}

import PatchbayCore

/// Collects what the host needs, each use once, with its chain down to the device.
struct UseLedger {
    private(set) var uses: [DeviceKey: [HostUse]] = [:]
    var findings: [Finding] = []
    let inventory: Inventory
    /// Those that are looked at one by one: all whose uses are asked for, and every display, for each tells whether another
    /// one is the only one.
    let functions: [PCIFunction]
    private var places: [Key: Int] = [:]

    /// The same disk below another mount of the same file system says nothing new: the first link does not count. Of programs
    /// it does: each has to let go.
    private struct Key: Hashable {
        var device: DeviceKey
        var reason: HostUse.Reason
        var chain: ArraySlice<String>

        init(_ device: DeviceKey, _ use: HostUse) {
            self.device = device
            reason = use.reason
            chain = use.reason == .holder ? use.chain[...] : use.chain.dropFirst()
        }
    }

    private let tellsDrivers: Bool

    /// - Parameter asked: as `HostUses` has it.
    init(_ inventory: Inventory, asked: Set<PCIAddress>? = nil) {
        self.inventory = inventory
        functions = asked.map { inventory.functions(in: $0) } ?? inventory.functions
        self.tellsDrivers = inventory.functions.contains { $0.driver != nil }
    }

    /// Adds a use of whatever is at `place`: of its USB device, of its function, and of the function that makes the
    /// PCI domain it is in (Intel VMD). Nothing where it is on no PCI bus.
    mutating func add(_ reason: HostUse.Reason, _ severity: HostUse.Severity, _ chain: [String], at place: DevicePlace)
    {
        var chain = chain
        if let address = place.usb {
            chain.append(DeviceKey.usb(address).chainLink)
            if inventory[address] != nil { add(HostUse(reason, severity, chain: chain), to: .usb(address)) }
        }
        guard let own = place.functions.last else { return }
        chain.append(own.description)
        if inventory[own] != nil { add(HostUse(reason, severity, chain: chain), to: own.key) }
        for maker in domainMakers(place) {
            chain.append(maker.description)
            add(HostUse(.childDomain, severity, chain: chain), to: maker.key)
        }
    }

    /// Functions above a device that are no bridges: innermost first.
    func domainMakers(_ place: DevicePlace) -> [PCIAddress] {
        place.functions.dropLast().reversed().filter { inventory[$0].map { !$0.isBridge } ?? false }
    }

    mutating func add(_ use: HostUse, to address: PCIAddress) { add(use, to: address.key) }

    mutating func add(_ use: HostUse, to device: DeviceKey) {
        let key = Key(device, use)
        if let known = places[key] {
            if uses[device, default: []][known].severity < use.severity { uses[device]?[known] = use }
            return
        }
        places[key] = uses[device, default: []].count
        uses[device, default: []].append(use)
    }

    /// The most severe use of a function so far.
    func severity(of address: PCIAddress) -> HostUse.Severity? { uses[address]?.lazy.map(\.severity).max() }

    /// Whether a function can be needed at all, where the tree does not tell by what: one bound to VFIO is with no
    /// driver of the host, and where the tree tells drivers at all, one without a driver is not either.
    func mayBeUsed(_ function: PCIFunction) -> Bool {
        if function.isBridge { return false }
        guard let driver = function.driver else { return !tellsDrivers }
        return !PCIFunction.isVFIO(driver)
    }
}

extension Inventory {
    /// They and every display, in order; of the others none is copied.
    fileprivate func functions(in asked: Set<PCIAddress>) -> [PCIFunction] {
        let all = functions.span
        var chosen: [PCIFunction] = []
        for index in all.indices where asked.contains(all[index].address) || all[index].hasPicture {
            chosen.append(all[index])
        }
        return chosen
    }
}

import PatchbayCore

/// Collects what the host needs, each use once, with its chain down to the function.
struct UseLedger {
    private(set) var uses: [PCIAddress: [HostUse]] = [:]
    /// By name below `sys/bus/usb/devices`.
    private(set) var usb: [String: [HostUse]] = [:]
    var findings: [Finding] = []
    let inventory: Inventory
    /// Those that are looked at one by one: all whose uses are asked for, and every display, for each tells whether another
    /// one is the only one.
    let functions: [PCIFunction]
    private var places: [Key: Int] = [:]

    /// The same disk below another mount of the same file system says nothing new: the first link does not count. Of programs
    /// it does: each has to let go.
    private struct Key: Hashable {
        enum Owner: Hashable {
            case function(PCIAddress)
            /// By name below `sys/bus/usb/devices`.
            case usb(String)
        }
        var owner: Owner
        var reason: HostUse.Reason
        var chain: ArraySlice<String>

        init(_ owner: Owner, _ use: HostUse) {
            self.owner = owner
            reason = use.reason
            chain = use.reason == .holder ? use.chain[...] : use.chain.dropFirst()
        }
    }

    private let tellsDrivers: Bool

    /// - Parameter asked: as `HostUses` has it.
    init(_ inventory: Inventory, asked: Set<PCIAddress>? = nil) {
        self.inventory = inventory
        functions =
            asked.map { asked in inventory.functions.filter { asked.contains($0.address) || $0.hasPicture } }
            ?? inventory.functions
        self.tellsDrivers = inventory.functions.contains { $0.driver != nil }
    }

    /// Adds a use of whatever is at `place`: of its USB device, of its function, and of the function that makes the
    /// PCI domain it is in (Intel VMD). Nothing where it is on no PCI bus.
    mutating func add(_ reason: HostUse.Reason, _ severity: HostUse.Severity, _ chain: [String], at place: DevicePlace)
    {
        var chain = chain
        if let name = place.usb {
            chain.append("USB \(name)")
            add(HostUse(reason, severity, chain: chain), toUSB: name)
        }
        guard let own = place.functions.last else { return }
        chain.append(own.description)
        if inventory[own] != nil { add(HostUse(reason, severity, chain: chain), to: own) }
        for maker in domainMakers(place) {
            chain.append(maker.description)
            add(HostUse(.childDomain, severity, chain: chain), to: maker)
        }
    }

    /// Functions above a device that are no bridges: innermost first.
    func domainMakers(_ place: DevicePlace) -> [PCIAddress] {
        place.functions.dropLast().reversed().filter { inventory[$0].map { !$0.isBridge } ?? false }
    }

    mutating func add(_ use: HostUse, to address: PCIAddress) {
        let key = Key(.function(address), use)
        if let known = places[key] {
            if uses[address, default: []][known].severity < use.severity { uses[address]?[known] = use }
            return
        }
        places[key] = uses[address, default: []].count
        uses[address, default: []].append(use)
    }

    mutating func add(_ use: HostUse, toUSB name: String) {
        let key = Key(.usb(name), use)
        if let known = places[key] {
            if usb[name, default: []][known].severity < use.severity { usb[name]?[known] = use }
            return
        }
        places[key] = usb[name, default: []].count
        usb[name, default: []].append(use)
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

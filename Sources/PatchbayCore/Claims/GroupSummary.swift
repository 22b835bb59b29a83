/// What decides about every device of one IOMMU group, gathered once for all of its members.
///
/// With 4,096 virtual functions in one group, looking at every mate of every device would be sixteen million looks.
struct GroupSummary: Sendable {
    /// The lowest members with that property; those that stay with the host whatever happens do not count: bridges, and
    /// parts of the chipset without a driver.
    private(set) var critical: (address: PCIAddress, use: HostUse)?
    private(set) var inUse: (address: PCIAddress, use: HostUse)?
    /// The tree cannot tell whether the host needs it.
    private(set) var unproven: (address: PCIAddress, use: HostUse)?
    /// Data lies on it that a guest could overwrite.
    private(set) var atRisk: (address: PCIAddress, use: HostUse)?
    /// A member that does not answer.
    private(set) var silent: (address: PCIAddress, silence: Silence)?
    /// A member that has virtual functions now.
    private(set) var parent: PCIAddress?
    /// A member that the inventory does not describe.
    private(set) var unread: PCIAddress?
    /// A member that a VM has, with that VM.
    private(set) var held: (address: PCIAddress, hold: Holders.Hold)?
    /// A device that hangs on a member and that a VM has, with that VM.
    private(set) var carried: (device: DeviceKey, on: PCIAddress, hold: Holders.Hold)?

    init(_ members: [PCIAddress], in inventory: Inventory, holders: Holders) {
        for address in members {
            guard let function = inventory[address] else {
                unread = unread ?? address
                continue
            }
            guard !inventory.staysWithHost(function) else { continue }
            if let use = inventory.mostSevereUse(of: address.key) {
                switch use.severity {
                case .critical: critical = critical ?? (address, use)
                case .inUse: inUse = inUse ?? (address, use)
                case .unknown: unproven = unproven ?? (address, use)
                case .dataAtRisk: atRisk = atRisk ?? (address, use)
                }
            }
            if let silence = function.silence { silent = silent ?? (address, silence) }
            if function.activeVFs > 0 { parent = parent ?? address }
            if let hold = holders[address.key] { held = held ?? (address, hold) }
            for rival in carried == nil ? function.rivals(in: inventory) : [] {
                if let hold = holders[rival] { carried = carried ?? (rival, address, hold) }
            }
        }
    }
}

extension PCIFunction {
    /// How many virtual functions of it exist now; 0 for everything that cannot have any.
    package var activeVFs: Int {
        switch role {
        case .plain, .virtual: 0
        case .physical(_, let active, _): active
        }
    }
}

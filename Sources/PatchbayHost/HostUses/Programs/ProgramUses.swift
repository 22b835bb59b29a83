import PatchbayCore

/// What programs have of a host's devices: open nodes, interfaces in other namespaces, mediated devices, drivers in user
/// space; and what of that nobody can tell.
struct ProgramUses {
    let tree: HostTree
    let sights: ProcessSights
    /// Functions on which a write hangs in the kernel: what they offer is not read.
    let locked: Set<PCIAddress>

    func add(to ledger: inout UseLedger) {
        addHolders(&ledger)
        addInterfaces(&ledger)
        addMediated(&ledger)
        addHiddenDrivers(&ledger)
        addGaps(&ledger)
    }

    private func addHolders(_ ledger: inout UseLedger) {
        for node in sights.obstacles where isLendable(node.found.place, ledger) {
            let chain = [node.holder.process.words, node.holder.node] + node.found.names
            ledger.add(.holder, .inUse, chain, at: node.found.place)
        }
    }

    private func addInterfaces(_ ledger: inout UseLedger) {
        for interface in sights.interfaces where isLendable(interface.place, ledger) {
            let chain = [interface.owner, interface.name] + interface.names
            ledger.add(.otherNamespace, .inUse, chain, at: interface.place)
        }
    }

    /// A bridge in a group of VFIO stays with the host.
    private func isLendable(_ place: DevicePlace, _ ledger: UseLedger) -> Bool {
        place.functions.last.flatMap { ledger.inventory[$0] }.map { !$0.isBridge } ?? (place.usb != nil)
    }

    /// Somebody made them, so somebody wants them, whether a guest has them now or not. The type that is set on a virtual
    /// function of NVIDIA's says the same.
    private func addMediated(_ ledger: inout UseLedger) {
        let reader = MediatedReader(tree: tree, locked: locked)
        let devices = reader.devices()
        for device in devices {
            guard let parent = device.parent else { continue }
            let type = device.type.map { " (\($0))" } ?? ""
            ledger.add(.mediatedDevices, .inUse, ["mediated device \(device.uuid)\(type)"], at: place(of: parent))
        }
        // Without either nothing tells whose card a guest's device would be on: the guests need not be read.
        let areNamed = !devices.isEmpty || tree.exists(SysfsPath.mediatedDefinitions)
        for guest in areNamed ? GuestMediated(tree: tree).all() : [] {
            guard let parent = devices.first(where: { $0.uuid == guest.uuid })?.parent ?? guest.parent else { continue }
            ledger.add(
                .mediatedDevices, .inUse, ["VM \(guest.name)", "mediated device \(guest.uuid)"], at: place(of: parent))
        }
        for function in ledger.functions where function.id.vendor == 0x10de && function.driver != nil {
            guard case .virtual = function.role, let type = reader.currentType(of: function.address) else { continue }
            ledger.add(.mediatedDevices, .inUse, ["vGPU type \(type)"], at: place(of: function.address))
        }
    }

    private func place(of address: PCIAddress) -> DevicePlace {
        tree.link(SysfsPath.pciDevice(address.description)).map { DevicePlace(link: $0) }
            ?? DevicePlace(functions: [address])
    }
}

extension ProgramUses {
    /// Drivers that hand a device to a program, and network drivers of which no interface shows here.
    private func addHiddenDrivers(_ ledger: inout UseLedger) {
        var ofPrograms: [String: Bool] = [:]
        let networks = HiddenInterfaces(tree)
        for function in ledger.functions where !function.isBridge {
            guard let driver = function.driver else { continue }
            let isOfPrograms = ofPrograms[driver] ?? Self.isOfPrograms(driver)
            ofPrograms[driver] = isOfPrograms
            let isSetByHand = isSetByHand(function)
            guard isOfPrograms || isSetByHand || networks.hides(function),
                (ledger.severity(of: function.address) ?? .unknown) < .inUse
            else { continue }
            let reason: HostUse.Reason = isOfPrograms || isSetByHand ? .userSpace : .otherNamespace
            let words =
                isSetByHand
                ? "\(driver), bound by another program"
                : isOfPrograms
                    ? driver
                    : "\(driver) shows no interface"
            let chain = [words, function.address.description]
            ledger.add(HostUse(reason, .unknown, chain: chain), to: function.address)
        }
    }

    /// A network card or disk controller that somebody has set to VFIO since the host booted, as DPDK and SPDK have it, where
    /// nothing tells which programs have what open. `driverctl` keeps what it sets: that is set aside for guests.
    private func isSetByHand(_ function: PCIFunction) -> Bool {
        guard !sights.isTold, function.isOnVFIO, function.driverOverride.map(PCIFunction.isVFIO) ?? false,
            function.deviceClass.isNetwork || function.deviceClass.isStorage
        else { return false }
        return !tree.exists("\(SysfsPath.driverctl)/\(function.address)")
    }

    /// Those of UIO; Xen's, by which another domain has it.
    private static func isOfPrograms(_ driver: String) -> Bool {
        PCIFunction.isUIO(driver) || driver == "pciback" || driver == "xen-pciback"
    }

    /// Whatever has a driver may be open in a program that was not seen, and a disk mounted in a namespace that was not. On a
    /// network card an interface of such a namespace may stand (macvlan, ipvlan, VLAN), though its own shows here.
    private func addGaps(_ ledger: inout UseLedger) {
        var isAny = false
        for function in ledger.functions where function.driver != nil && !function.isBridge {
            guard let gap = sights.gaps.first(where: { Self.concerns($0, function) }),
                ledger.severity(of: function.address).map({ $0 < .unknown }) ?? true
            else { continue }
            isAny = true
            let chain = [gap.words, function.address.description]
            ledger.add(HostUse(gap.kind.reason, .unknown, chain: chain), to: function.address)
        }
        guard isAny else { return }
        ledger.findings.append(
            Finding(
                "programs-unknown", .warning, subject: ledger.inventory.host.name,
                "Not all open files of programs could be read, so devices that programs may use are treated as in use: "
                    + sights.gaps.map(\.words).joined(separator: ", ") + ".",
                next: ["Read the host itself, as root and outside any container."]))
    }

    private static func concerns(_ gap: ProcessSights.Gap, _ function: PCIFunction) -> Bool {
        switch gap.kind {
        case .programs: true
        // What is on VFIO has no file system.
        case .mounts: !function.isOnVFIO && function.mayHaveDisks
        case .networks: !function.isOnVFIO && function.deviceClass.isNetwork
        }
    }
}

extension ProcessSights.Gap.Kind {
    /// What a device may be needed for that was not seen.
    fileprivate var reason: HostUse.Reason {
        switch self {
        case .programs: .holder
        case .mounts: .mount
        case .networks: .otherNamespace
        }
    }
}

extension PCIFunction {
    /// `uio_pci_generic`, `igb_uio`: hands the device to whatever program opens its node.
    static func isUIO(_ driver: String) -> Bool { driver.split(separator: "_").contains("uio") }

    /// Disk controllers, and what has nodes that no network interface is: USB controllers with sticks, virtio.
    var mayHaveDisks: Bool { deviceClass.isStorage || !nodes.isEmpty && !deviceClass.isNetwork }
}

/// Tells the network functions that a driver of the host has and that show no interface: it is in another network
/// namespace, or a program has the hardware.
private final class HiddenInterfaces {
    private let tree: HostTree
    /// False: the tree tells no interface of anything.
    private let isTold: Bool
    /// InfiniBand needs no interface as long as its own device shows. Of an Ethernet card that device stays visible to all when
    /// the interface goes to another namespace (`rdma system set netns shared`); its folder stays, too, and is empty.
    private lazy var fabrics = Set(
        (tree.names(SysfsPath.infiniband) ?? []).compactMap { name in
            tree.link("\(SysfsPath.infiniband)/\(name)").flatMap { TopologyPath.functions($0).last }
        })

    init(_ tree: HostTree) {
        self.tree = tree
        isTold = tree.exists(SysfsPath.netClass)
    }

    func hides(_ function: PCIFunction) -> Bool {
        guard isTold, function.deviceClass.isNetwork, function.nodes.isEmpty, !function.isOnVFIO,
            function.driver != "pci-stub"
        else { return false }
        let directory = SysfsPath.pciDevice(function.address.description)
        let hasFolder = tree.exists("\(directory)/\(SysfsPath.Function.net)")
        let isInfiniBand = function.deviceClass.baseAndSub == 0x0207
        if fabrics.contains(function.address) { return hasFolder && !isInfiniBand }
        return isInfiniBand ? hasFolder && (tree.names("\(directory)/infiniband") ?? []).isEmpty : true
    }
}

import CPatchbayHost
import PatchbayCore

/// Completes what is known of devices that do not answer: those below a port whose link is not active, and whether the
/// power of their slots can be switched.
struct SilentFunctions {
    let tree: HostTree

    func complete(_ functions: inout [PCIFunction]) {
        var ports = Ports(functions, tree: tree)
        guard !ports.isEmpty || functions.contains(where: { $0.silence != nil }) else { return }
        for index in functions.indices {
            let function = functions[index]
            if function.silence == nil, let port = ports.dead(above: function.topologyPath), !isAsleep(function.address)
            {
                functions[index].silence = Silence(.linkDown, port: port)
            }
            guard functions[index].silence != nil else { continue }
            if case .virtual(let parent, _) = function.role { functions[index].silence?.parent = parent }
            functions[index].silence?.poweredSlot = poweredSlot(of: function.address)
        }
    }

    private func isAsleep(_ address: PCIAddress) -> Bool {
        let directory = pb_open_directory(tree.descriptor, SysfsPath.pciDevice(address.description))
        guard directory >= 0 else { return false }
        defer { pb_close(directory) }
        return FunctionSleep.isDeep(directory, AttributeBuffer())
    }

    /// The slot of the card, or of the card that the device is a part of.
    private func poweredSlot(of address: PCIAddress) -> String? {
        let link = tree.link(SysfsPath.pciDevice(address.description)) ?? ""
        let places = Set((TopologyPath.functions(link) + [address]).map { String($0.description.dropLast(2)) })
        return (tree.names(SysfsPath.pciSlots) ?? []).first { name in
            guard let place = tree.line(SysfsPath.pciSlotAddress(name)), places.contains(place) else { return false }
            return tree.exists(SysfsPath.pciSlotPower(name))
        }
    }
}

/// Ports whose links were down when they were read, by where they are; most have nothing below and are never asked again.
private struct Ports {
    private let tree: HostTree
    private let addresses: [String: PCIAddress]
    private var known: [PCIAddress: Bool] = [:]
    /// Whether the ports are emulated, because this machine is a guest itself.
    private lazy var areEmulated: Bool = {
        let start = tree.bytes(SysfsPath.cpus, atMost: 1 << 14) ?? []
        return CPUInfo(String(decoding: start, as: UTF8.self)).flags?.contains("hypervisor") ?? false
    }()

    init(_ functions: [PCIFunction], tree: HostTree) {
        self.tree = tree
        let down = functions.lazy.filter { $0.isLinkDown == true && !$0.topologyPath.isEmpty }
        addresses = Dictionary(down.map { ($0.topologyPath, $0.address) }, uniquingKeysWith: { first, _ in first })
    }

    var isEmpty: Bool { addresses.isEmpty }

    /// The outermost one on the way to a place whose link is down still.
    mutating func dead(above path: String) -> PCIAddress? {
        guard !isEmpty else { return nil }
        for slash in path.utf8.indices where path.utf8[slash] == 0x2f {
            if let port = addresses[String(path[..<slash])], isDead(port) { return port }
        }
        return nil
    }

    /// Its link is down still, and it does not sleep: a port that sleeps has none. Emulated ports are not asked: QEMU's have
    /// no link over cards that were there at its start, where it plugs by ACPI (hw/pci/pcie.c, pcie_cap_slot_plug_cb).
    private mutating func isDead(_ port: PCIAddress) -> Bool {
        if let known = known[port] { return known }
        let directory = SysfsPath.pciDevice(port.description)
        let state = tree.line("\(directory)/\(SysfsPath.Function.powerState)") ?? ""
        let sleeps = state.hasPrefix("D") && state != "D0"
        let config = tree.bytes("\(directory)/\(SysfsPath.Function.config)", atMost: 256) ?? []
        let isDead = !sleeps && ConfigSpace(config).isLinkDown && !areEmulated
        known[port] = isDead
        return isDead
    }
}

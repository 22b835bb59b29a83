import CPatchbayHost
import PatchbayCore

/// Completes what is known of devices that do not answer: those below a port whose link is not active, and whether the
/// power of their slots can be switched.
struct SilentFunctions {
    let tree: HostTree

    /// - Parameter all: of the host, the ports above them included.
    func complete(_ functions: inout [PCIFunction], among all: [PCIFunction]) {
        var ports = Ports(all, tree: tree)
        guard !ports.isEmpty || Self.isAnySilent(functions.span) else { return }
        for index in functions.indices {
            let address = functions[index].address
            var silence = functions[index].silence
            if silence == nil, let port = ports.dead(above: functions[index].topologyPath), !isAsleep(address) {
                silence = Silence(.linkDown, port: port)
            }
            guard silence != nil else { continue }
            if case .virtual(let parent, _) = functions[index].role { silence?.parent = parent }
            silence?.poweredSlot = poweredSlot(of: address)
            functions[index].silence = silence
        }
    }

    private static func isAnySilent(_ functions: Span<PCIFunction>) -> Bool {
        for index in functions.indices where functions[index].isSilent { return true }
        return false
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
        let functions = functions.span
        var addresses: [String: PCIAddress] = [:]
        for index in functions.indices.reversed() {
            guard functions[index].isLinkDown == true, !functions[index].topologyPath.isEmpty else { continue }
            addresses[functions[index].topologyPath] = functions[index].address
        }
        self.addresses = addresses
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

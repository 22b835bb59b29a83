import CPatchbayHost
import PatchbayCore

/// The programs behind interfaces of tun(4), those that make PPP connections over serial ports, and the PCI functions that
/// programs drive by themselves (VFIO, UIO).
///
/// One pass over the open files of all processes, made only when a way out leads to such an interface. Bounded in
/// number; without privileges the files of others are not seen, and nothing is concluded from that.
final class TunPrograms {
    struct Program: Equatable, CustomStringConvertible {
        var command: String
        /// Those it drives by itself, sorted.
        var functions: [PCIAddress]
        /// A virtual machine, which may pass packets from one of its interfaces on to another.
        var isGuest = false
        /// Its other interfaces of tun(4), sorted.
        var interfaces: [String] = []
        /// The numbers of its interfaces that stand on one of the host's (macvtap), sorted.
        var taps: [String] = []

        var description: String { command }
    }

    private struct Open {
        var pid: Int
        var interfaces: Set<String> = []
        var nodes: Set<String> = []
        var taps: Set<String> = []
        /// The serial ports of what makes PPP connections; of others none.
        var serialPorts: Set<String> = []
        var makesConnections = false
    }

    private let tree: HostTree
    private let inventory: Inventory
    private static let mostProcesses = 16_384

    init(tree: HostTree, inventory: Inventory) {
        self.tree = tree
        self.inventory = inventory
    }

    /// nil: nobody has it open, or it cannot be told who.
    func program(behind interface: String) -> Program? {
        let holders = scan.open.filter { $0.interfaces.contains(interface) }
        let isSwitch = holders.isEmpty && tree.exists(SysfsPath.netInterface(Self.switchInUserSpace))
        let found = isSwitch ? scan.open.filter { command(of: $0.pid) == Self.switchDaemon } : holders
        // A guest's interface is open in what started it, too: the one with hardware says more.
        let programs = found.map { open in
            Program(
                command: command(of: open.pid), functions: functions(of: open.nodes), isGuest: isGuest(open),
                interfaces: open.interfaces.subtracting([interface]).sorted(), taps: open.taps.sorted())
        }
        return programs.first { !$0.functions.isEmpty } ?? programs.first
    }

    /// A datapath of Open vSwitch in user space has a port of this name; all its own ports are interfaces of tun(4).
    private static let switchInUserSpace = "ovs-netdev"
    private static let switchDaemon = "ovs-vswitchd"

    /// A serial port, often of a modem, that a program makes PPP connections by.
    struct Modem: Equatable {
        var program: String
        var port: String
        var place: DevicePlace
    }

    private(set) lazy var modems: [Modem] = scan.open.flatMap { open in
        open.serialPorts.sorted().compactMap { port in
            let link = tree.link("\(SysfsPath.terminals)/\(port.dropFirst(SysfsPath.deviceNodes.count))")
            return link.map { link in
                Modem(program: command(of: open.pid), port: port, place: DevicePlace(link: link))
            }
        }
    }

    /// Carries Ethernet frames (IFF_TAP of `include/uapi/linux/if_tun.h`), not packets alone.
    func isEthernet(_ interface: String) -> Bool {
        let directory = SysfsPath.netInterface(interface)
        if let flags = tree.line("\(directory)/\(SysfsPath.Interface.tunFlags)") {
            return (UInt32(flags.hasPrefix("0x") ? flags.dropFirst(2) : flags[...], radix: 16) ?? 0) & 2 != 0
        }
        return interface.hasPrefix("tap")
    }

    func place(of address: PCIAddress) -> DevicePlace {
        let link = tree.link(SysfsPath.pciDevice(address.description))
        let place = link.map { DevicePlace(link: $0) } ?? DevicePlace()
        return place.functions.isEmpty ? DevicePlace(functions: [address]) : place
    }

    func isNetwork(_ address: PCIAddress) -> Bool { inventory[address]?.deviceClass.isNetwork ?? false }

    /// A function on a driver for programs carries nothing of the host where no program drives it, or only a guest. False
    /// also where that cannot be told.
    func isLeftAlone(_ function: PCIFunction) -> Bool {
        let nodes = nodes(of: function)
        guard scan.isComplete else { return false }
        return scan.open.filter { !$0.nodes.isDisjoint(with: nodes) }.allSatisfy { isGuest($0) }
    }

    private func isGuest(_ open: Open) -> Bool {
        ReleaseRecipe.matching(command: command(of: open.pid), unit: nil)?.name == "guest"
    }

    /// For drivers of programs. Not Xen's, by which another domain has the card: what that does with it nobody here can tell.
    static func isForPrograms(_ driver: String) -> Bool {
        PCIFunction.isVFIO(driver) || PCIFunction.isUIO(driver)
    }

    private func functions(of nodes: Set<String>) -> [PCIAddress] {
        guard !nodes.isEmpty else { return [] }
        return inventory.functions.filter { !nodes.isDisjoint(with: self.nodes(of: $0)) }.map(\.address).sorted()
    }

    private func nodes(of function: PCIFunction) -> [String] {
        guard !function.isBridge, let driver = function.driver, Self.isForPrograms(driver) else { return [] }
        let directory = SysfsPath.pciDevice(function.address.description)
        if !function.isOnVFIO { return (tree.names("\(directory)/uio") ?? []).map { "\(SysfsPath.deviceNodes)\($0)" } }
        let own = (tree.names("\(directory)/\(SysfsPath.vfioDevices)") ?? []).map {
            "\(SysfsPath.vfioNodes)devices/\($0)"
        }
        guard let group = function.iommuGroup else { return own }
        return own + ["\(SysfsPath.vfioNodes)\(group)", "\(SysfsPath.vfioNodes)noiommu-\(group)"]
    }

    private func command(of pid: Int) -> String { tree.line("\(SysfsPath.processes)/\(pid)/comm") ?? "?" }

    // MARK: Open files

    private lazy var scan: (open: [Open], isComplete: Bool) = {
        let processes = (tree.names(SysfsPath.processes) ?? []).compactMap { Int($0) }.sorted()
        var isSeen = false
        var found: [Open] = []
        for pid in processes.prefix(Self.mostProcesses) {
            guard let open = open(of: pid) else { continue }
            isSeen = isSeen || !tree.isLive || pid == 1
            if !open.interfaces.isEmpty || !open.nodes.isEmpty || open.makesConnections { found.append(open) }
        }
        return (found, isSeen && processes.count <= Self.mostProcesses)
    }()

    /// nil: its files may not be looked at, or it is gone.
    private func open(of pid: Int) -> Open? {
        let directory = pb_open_directory(tree.descriptor, "\(SysfsPath.processes)/\(pid)/fd")
        guard directory >= 0 else { return nil }
        defer { pb_close(directory) }
        guard let listing = DirectoryListing(at: directory, ".") else { return nil }
        var open = Open(pid: pid)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return }
            listing.forEach { name in
                let count = pb_read_link(directory, name, base, buffer.count)
                // "/dev/": everything else is no device.
                guard count > 5, base[0] == 0x2f, base[1] == 0x64, base[4] == 0x2f else { return }
                let node = String(decoding: buffer[..<count], as: UTF8.self)
                if node == SysfsPath.tunNode {
                    open.interfaces.formUnion(interface(pid, String(cString: name)))
                } else if node == SysfsPath.pppNode {
                    open.makesConnections = true
                } else if node.hasPrefix(SysfsPath.serialNodes) {
                    open.serialPorts.insert(node)
                } else if node.hasPrefix(SysfsPath.tapNodes) {
                    open.taps.insert(String(node.dropFirst(SysfsPath.tapNodes.count)))
                } else if node.hasPrefix(SysfsPath.vfioNodes) || node.hasPrefix(SysfsPath.uioNodes) {
                    open.nodes.insert(node)
                }
            }
        }
        if !open.makesConnections { open.serialPorts = [] }
        return open
    }

    /// `iff:	tap0` in `proc/<pid>/fdinfo/<fd>`.
    private func interface(_ pid: Int, _ descriptor: String) -> [String] {
        let text = tree.text("\(SysfsPath.processes)/\(pid)/fdinfo/\(descriptor)") ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix(SysfsPath.tunKey) }.map { line in
            String(line.dropFirst(SysfsPath.tunKey.count).trimmingBlanks)
        }
    }
}

import Foundation
import PatchbayCore
import PatchbayHost

/// What the host itself needs, made in a sample tree.
extension SampleTree {
    /// A PCI function with one NVMe disk, as a host of today has it.
    @discardableResult
    func nvme(
        _ address: String, _ disk: String, partitions: [String] = [], below parents: String = "pci0000:00"
    ) throws -> String {
        let function = try self.function(address, below: parents, deviceClass: "010802", driver: "nvme")
        let directory = "\(function)/nvme/\(disk.prefix(5))"
        try self.disk(disk, below: directory, partitions: partitions)
        return "\(directory)/\(disk)"
    }

    /// A network card with one interface that has a carrier, or has none.
    @discardableResult
    func card(_ address: String, _ interface: String, carrier: Bool = true, group: Int? = nil) throws -> String {
        let function = try self.function(address, deviceClass: "020000", driver: "igb", group: group)
        try self.interface(interface, on: function)
        try file("\(function)/net/\(interface)/carrier", carrier ? "1\n" : "0\n")
        return "\(function)/net/\(interface)"
    }

    /// What udev found on a block device.
    func udev(_ name: String, number: String, _ properties: [String: String]) throws {
        try file("sys/class/block/\(name)/dev", "\(number)\n")
        let lines = properties.sorted { $0.key < $1.key }.map { "E:\($0.key)=\($0.value)\n" }
        try file("run/udev/data/b\(number)", "I:1\n" + lines.joined())
    }

    /// All tables, in the form of a recorded tree: `4 254 c0000200 24 100 eth0`.
    func routes(_ lines: [String]) throws { try file("run/patchbay/routes", lines.map { "\($0)\n" }.joined()) }

    /// `ttyS0`, `tty0`
    func consoles(_ names: [String]) throws {
        try file("proc/consoles", names.map { "\($0)                -W- (EC a)    4:64\n" }.joined())
    }

    /// A USB device on a port of a controller: `1-3` or `1-3.1`. Interfaces as `030101`.
    @discardableResult
    func usb(_ name: String, below function: String, id: String, interfaces: [String] = []) throws -> String {
        let ids = id.split(separator: ":")
        let bus = name.prefix { $0 != "-" }
        let parts = name.split(separator: ".")
        let parents = (1..<parts.count).map { parts.prefix($0).joined(separator: ".") }
        let directory = ([function, "usb\(bus)"] + parents + [name]).joined(separator: "/")
        try file("\(directory)/idVendor", "\(ids[0])\n")
        try file("\(directory)/idProduct", "\(ids[1])\n")
        try file("\(directory)/busnum", "\(bus)\n")
        try file("\(directory)/devnum", "4\n")
        try link("sys/bus/usb/devices/\(name)", to: directory)
        for (index, code) in interfaces.enumerated() {
            let interface = "\(name):1.\(index)"
            try file("\(directory)/\(interface)/bInterfaceNumber", "0\(index)\n")
            try file("\(directory)/\(interface)/bInterfaceClass", "\(code.prefix(2))\n")
            try file("\(directory)/\(interface)/bInterfaceSubClass", "\(code.dropFirst(2).prefix(2))\n")
            try file("\(directory)/\(interface)/bInterfaceProtocol", "\(code.suffix(2))\n")
            try link("sys/bus/usb/devices/\(interface)", to: "\(directory)/\(interface)")
        }
        return directory
    }

    /// A process with these nodes open.
    func process(_ pid: Int, _ command: String, open nodes: [String], cgroup: String = "0::/\n") throws {
        try file("proc/\(pid)/comm", "\(command)\n")
        try file("proc/\(pid)/cgroup", cgroup)
        try directory("proc/\(pid)/fd")
        for (index, node) in nodes.enumerated() {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/proc/\(pid)/fd/\(index)", withDestinationPath: node)
        }
    }

    /// Reason, severity and chain of everything a function is needed for.
    func uses(_ address: String, peers: [IPAddress] = []) throws -> [HostUse] {
        try observe(peers: peers).inventory.hostUses[PCIAddress(address)] ?? []
    }

    /// The same of a USB device, by the kernel's name of it.
    func uses(ofUSB name: String) throws -> [HostUse] {
        try observe().inventory.hostUses[DeviceKey("usb-\(name)")] ?? []
    }

    func verdict(_ address: String) throws -> HostVerdict { try observe().inventory.verdict(of: PCIAddress(address)) }

    func observe(peers: [IPAddress] = []) throws -> InventoryReader.Result {
        try InventoryReader(root: root, hostName: "atlas", peers: peers).observe()
    }
}

import Foundation
import PatchbayHost

/// A tree shaped like a host's, made file by file in a temporary folder and removed with the value.
final class SampleTree {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "patchbay-tree-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: "\(root)/sys/bus/pci/devices", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func directory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
    }

    func file(_ path: String, _ text: String) throws { try file(path, Data(text.utf8)) }

    func file(_ path: String, _ data: Data) throws {
        let url = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Takes away a file, a link or a directory with what is in it.
    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    /// A link at `path` to another path in the tree, relative as sysfs writes them.
    func link(_ path: String, to target: String) throws {
        let up = String(repeating: "../", count: path.split(separator: "/").count - 1)
        let url = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: up + target)
    }

    /// A function below `sys/devices/<parents>`, with what every kernel gives it. Returns its directory.
    @discardableResult
    func function(
        _ address: String, below parents: String = "pci0000:00", id: String = "10de:20b5",
        deviceClass: String = "030200", headerType: UInt8 = 0, driver: String? = nil, group: Int? = nil,
        node: Int = -1
    ) throws -> String {
        let directory = "sys/devices/\(parents)/\(address)"
        let ids = id.split(separator: ":")
        let code = deviceClass.uppercased()
        let parts = [code.prefix(2), code.dropFirst(2).prefix(2), code.suffix(2)]
        try file(
            "\(directory)/modalias",
            "pci:v0000\(ids[0].uppercased())d0000\(ids[1].uppercased())sv00000000sd00000000"
                + "bc\(parts[0])sc\(parts[1])i\(parts[2])\n")
        var config = [UInt8](repeating: 0, count: 64)
        config[0x08] = 0xa1
        config[0x0e] = headerType
        try file("\(directory)/config", Data(config))
        try file("\(directory)/numa_node", "\(node)\n")
        try file("\(directory)/driver_override", "(null)\n")
        try link("sys/bus/pci/devices/\(address)", to: directory)
        if let driver { try bind(directory, to: driver) }
        if let group { try join(address, directory, group) }
        return directory
    }

    private func bind(_ directory: String, to driver: String) throws {
        try self.directory("sys/bus/pci/drivers/\(driver)")
        try link("\(directory)/driver", to: "sys/bus/pci/drivers/\(driver)")
    }

    private func join(_ address: String, _ directory: String, _ group: Int) throws {
        try file("sys/kernel/iommu_groups/\(group)/type", "DMA\n")
        try link("\(directory)/iommu_group", to: "sys/kernel/iommu_groups/\(group)")
        try link("sys/kernel/iommu_groups/\(group)/devices/\(address)", to: directory)
    }

    /// A disk with partitions below a function's directory. `below`: `nvme/nvme0`, `ata1/host0/target0:0:0/0:0:0:0/block`.
    func disk(_ name: String, below: String, partitions: [String] = []) throws {
        try block(name, at: "\(below)/\(name)")
        for partition in partitions { try block(partition, at: "\(below)/\(name)/\(partition)") }
    }

    /// A device of device mapper or md on others.
    func stack(_ name: String, on slaves: [String], mappedAs mapped: String? = nil) throws {
        try block(name, at: "sys/devices/virtual/block/\(name)")
        try directory("sys/devices/virtual/block/\(name)/slaves")
        for slave in slaves {
            try link("sys/devices/virtual/block/\(name)/slaves/\(slave)", to: "sys/class/block/\(slave)")
        }
        if let mapped { try file("sys/devices/virtual/block/\(name)/dm/name", "\(mapped)\n") }
    }

    private func block(_ name: String, at directory: String) throws {
        try self.directory(directory)
        try link("sys/class/block/\(name)", to: directory)
        let parent = directory.split(separator: "/").dropLast().last.map(String.init) ?? ""
        if !FileManager.default.fileExists(atPath: "\(root)/sys/block/\(parent)") {
            try link("sys/block/\(name)", to: directory)
        }
    }

    /// A network interface below a function's directory, or a virtual one on others.
    func interface(_ name: String, on function: String? = nil, lower: [String] = []) throws {
        let directory = function.map { "\($0)/net/\(name)" } ?? "sys/devices/virtual/net/\(name)"
        try file("\(directory)/operstate", "up\n")
        try link("sys/class/net/\(name)", to: directory)
        for below in lower { try link("\(directory)/lower_\(below)", to: "sys/class/net/\(below)") }
    }

    /// `proc/1/mountinfo` with these mounts, each with an anonymous number.
    func mounts(_ mounts: [(target: String, source: String, type: String)]) throws {
        let lines = mounts.enumerated().map { index, mount in
            "\(index + 20) 1 0:\(index + 30) / \(mount.target) rw - \(mount.type) \(mount.source) rw\n"
        }
        try file("proc/1/mountinfo", lines.joined())
    }

    private static let routeHeader =
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"

    /// A host that tells its routes, and has none.
    func noRoutes() throws { try file("proc/1/net/route", Self.routeHeader) }

    func defaultRoute(by interface: String) throws {
        try file(
            "proc/1/net/route",
            Self.routeHeader + "\(interface)\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
    }

    func read() throws -> InventoryReader.Result { try InventoryReader(root: root, hostName: "atlas").observe() }
}

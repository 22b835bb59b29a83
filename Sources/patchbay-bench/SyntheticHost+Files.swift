import Foundation
import PatchbayCore

extension SyntheticHost {
    /// One function with the files that every kernel gives it, alone in a group of its own. Returns its directory.
    func function(
        _ address: PCIAddress, below parents: String, id: String, deviceClass: String, headerType: UInt8,
        driver: String
    ) throws -> String {
        let directory = "sys/devices/\(parents)/\(address)"
        let ids = id.split(separator: ":").map { $0.uppercased() }
        let code = deviceClass.uppercased()
        let parts = [code.prefix(2), code.dropFirst(2).prefix(2), code.suffix(2)]
        try file("\(directory)/vendor", "0x\(ids[0].lowercased())\n")
        try file("\(directory)/device", "0x\(ids[1].lowercased())\n")
        try file("\(directory)/subsystem_vendor", "0x\(ids[0].lowercased())\n")
        try file("\(directory)/subsystem_device", "0x0001\n")
        try file("\(directory)/class", "0x\(deviceClass)\n")
        try file("\(directory)/revision", "0xa1\n")
        try file("\(directory)/irq", "24\n")
        try file(
            "\(directory)/modalias",
            "pci:v0000\(ids[0])d0000\(ids[1])sv0000\(ids[0])sd00000001bc\(parts[0])sc\(parts[1])i\(parts[2])\n")
        try file("\(directory)/numa_node", "\(address.bus & 1)\n")
        try file("\(directory)/local_cpulist", address.bus & 1 == 0 ? "0-63\n" : "64-127\n")
        try file("\(directory)/driver_override", "(null)\n")
        try file("\(directory)/resource", Self.resource(headerType))
        try file("\(directory)/config", Self.config(id, deviceClass, headerType))
        if deviceClass.hasPrefix("03") { try file("\(directory)/boot_vga", "0\n") }
        try folder("sys/bus/pci/drivers/\(driver)")
        try link("\(directory)/driver", to: "sys/bus/pci/drivers/\(driver)")
        let place = UInt64(address.slot) * 8 + UInt64(address.function)
        let group = UInt64(address.domain) << 16 | UInt64(address.bus) << 8 | place
        try file("sys/kernel/iommu_groups/\(group)/type", "DMA\n")
        try link("\(directory)/iommu_group", to: "sys/kernel/iommu_groups/\(group)")
        try link("sys/bus/pci/devices/\(address)", to: directory)
        return directory
    }

    /// Processes with as many open files each, none of them a device's.
    func makeProcesses(_ count: Int, files: Int) throws {
        let targets = ["socket:[4711]", "/var/log/service.log", "/dev/null", "/dev/pts/0"]
        for process in 1000..<(1000 + count) {
            try file("proc/\(process)/comm", "service\n")
            try file("proc/\(process)/cgroup", "0::/system.slice/service.service\n")
            try folder("proc/\(process)/fd")
            for number in 0..<files {
                try FileManager.default.createSymbolicLink(
                    atPath: root.appending(path: "proc/\(process)/fd/\(number)").path,
                    withDestinationPath: targets[number % targets.count])
            }
        }
    }

    private static func resource(_ headerType: UInt8) -> String {
        let none = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
        let memory =
            "0x0000380000000000 0x000038000fffffff 0x000000000014220c\n" + none
            + "0x00000000c0000000 0x00000000c0ffffff 0x0000000000040200\n"
        return (headerType & 0x7f == 0 ? memory : none + none + none) + String(repeating: none, count: 10)
    }

    private static func config(_ id: String, _ deviceClass: String, _ headerType: UInt8) -> Data {
        let ids = id.split(separator: ":").map { UInt16($0, radix: 16) ?? 0 }
        let code = UInt32(deviceClass, radix: 16) ?? 0
        var bytes = [UInt8](repeating: 0, count: 256)
        for (at, value) in zip([0, 2], ids) {
            bytes[at] = UInt8(value & 0xff)
            bytes[at + 1] = UInt8(value >> 8)
        }
        bytes[8] = 0xa1
        for at in 0..<3 { bytes[9 + at] = UInt8(code >> (8 * UInt32(at)) & 0xff) }
        bytes[0x0e] = headerType
        return Data(bytes)
    }

    func folder(_ path: String) throws {
        try FileManager.default.createDirectory(at: root.appending(path: path), withIntermediateDirectories: true)
    }

    func file(_ path: String, _ text: String) throws { try file(path, Data(text.utf8)) }

    func file(_ path: String, _ data: Data) throws {
        let url = root.appending(path: path)
        let parent = url.deletingLastPathComponent()
        if !FileManager.default.fileExists(atPath: parent.path) {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        }
        try data.write(to: url)
    }

    func link(_ path: String, to target: String) throws {
        let up = String(repeating: "../", count: path.split(separator: "/").count - 1)
        let url = root.appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: up + target)
    }
}

import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Refreshing an inventory` {
    @Test(arguments: UInt64(1)...10)
    func `gives what reading everything would have given, whatever changed`(seed: UInt64) throws {
        var host = try ChangingHost(seed: seed)
        let reader = InventoryReader(root: host.tree.root, hostName: "atlas")
        var result = try reader.observe()
        for step in 0..<25 {
            let change = try host.change()
            result = try reader.refresh(result, after: change)
            let whole = try reader.observe()
            try #require(result == whole, "seed \(seed), step \(step): \(host.story.joined(separator: "; "))")
        }
    }

    @Test func `reads nothing of functions that did not change`() throws {
        let tree = try SampleTree()
        let still = try tree.function("0000:01:00.0", driver: "nvidia", group: 1)
        let moving = try tree.function("0000:02:00.0", driver: "nvidia", group: 2)
        let reader = InventoryReader(root: tree.root)
        let before = try reader.observe()
        for directory in [still, moving] { try tree.file("\(directory)/driver_override", "vfio-pci\n") }
        let after = try reader.refresh(before, after: HostChange(functions: ["0000:02:00.0"])).inventory
        #expect(after.functions.map(\.driverOverride) == [nil, "vfio-pci"])
        #expect(after.groups == before.inventory.groups)
    }

    @Test func `after a survey reads the details of what changed, and keeps the others`() throws {
        let tree = try SampleTree()
        let still = try tree.function("0000:01:00.0", group: 1)
        let moving = try tree.function("0000:02:00.0", deviceClass: "010802", driver: "nvme", group: 2)
        try tree.file("\(moving)/nvme/nvme0/serial", "S1\n")
        let reader = InventoryReader(root: tree.root)
        let before = try reader.survey()
        try #require(before.inventory.functions.allSatisfy { $0.details != nil })
        for directory in [still, moving] { try tree.file("\(directory)/power_state", "D3hot\n") }
        try FileManager.default.removeItem(atPath: "\(tree.root)/\(moving)/nvme")
        let rebound = try reader.refresh(before, after: HostChange(functions: ["0000:02:00.0"])).inventory
        #expect(rebound.functions.map(\.details?.powerState) == [nil, "D3hot"])
        #expect(rebound.functions[1].details?.serials == [DeviceSerial(.nvme, "S1")], "seen while its driver was there")
        #expect(rebound.survey == before.inventory.survey)
        let replaced = try reader.refresh(before, after: HostChange(arrivals: ["0000:02:00.0"])).inventory
        #expect(replaced.functions[1].details?.serials == [], "what came anew may be another one")
        let whole = try reader.refresh(before, after: .everything).inventory
        #expect(whole.functions.map(\.details?.powerState) == [nil, nil], "no event named it")
    }

    @Test func `after a survey reads hugepages in use, of which no event tells`() throws {
        let tree = try SampleTree()
        let path = "sys/devices/system/node/node0"
        try tree.file("\(path)/cpulist", "0-1\n")
        try tree.file("\(path)/hugepages/hugepages-2048kB/nr_hugepages", "8\n")
        try tree.file("\(path)/hugepages/hugepages-2048kB/free_hugepages", "8\n")
        let reader = InventoryReader(root: tree.root)
        let before = try reader.survey()
        try tree.file("\(path)/hugepages/hugepages-2048kB/free_hugepages", "3\n")
        let after = try reader.refresh(before, after: HostChange()).inventory
        #expect(before.inventory.survey?.platform.numaCells[0].hugepages.map(\.free) == [8])
        #expect(after.survey?.platform.numaCells[0].hugepages == [HugepagePool(sizeKiB: 2048, total: 8, free: 3)])
    }

    @Test func `what could not be read goes with the inventory, and stays known`() throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", group: 1)
        try tree.directory("sys/bus/pci/devices/nonsense")
        try tree.directory("sys/devices/pci0000:00/usb1/1-4")
        try tree.link("sys/bus/usb/devices/1-4", to: "sys/devices/pci0000:00/usb1/1-4")
        let reader = InventoryReader(root: tree.root)
        #expect(try reader.observe().inventory.findings?.map(\.code) == ["unsupported-address", "usb-unreadable"])
        var result = try reader.survey()
        let told = try #require(result.inventory.findings)
        #expect(told.map(\.code).sorted() == ["unsupported-address", "usb-unreadable"])
        for change in [HostChange(), HostChange(functions: ["0000:01:00.0"]), HostChange(parts: [.usb])] {
            result = try reader.refresh(result, after: change)
            #expect(result.inventory.findings == told)
        }
        try FileManager.default.removeItem(atPath: "\(tree.root)/sys/bus/pci/devices/nonsense")
        try FileManager.default.removeItem(atPath: "\(tree.root)/sys/bus/usb/devices/1-4")
        var everything = HostChange.everything
        everything.parts = [.usb]
        #expect(try reader.refresh(result, after: everything).inventory.findings == nil)
    }

    @Test func `what is said of the reading does not grow with the machine`() throws {
        let tree = try SampleTree()
        for number in 0..<50 { try tree.directory("sys/bus/pci/devices/nonsense\(number)") }
        let result = try InventoryReader(root: tree.root).observe()
        #expect(result.findings.count == 50)
        let told = try #require(result.inventory.findings)
        #expect(told.count == 21)
        #expect(told.last?.sentence.hasPrefix("There are 30 more like this: ") == true)
    }

    @Test func `two directories for one address are told of, in any order`() throws {
        let tree = try SampleTree()
        try tree.function("0000:01:00.0", group: 1)
        try tree.function("00000000:01:00.0", group: 1)
        try tree.function("10000:01:00.0", group: 2)
        let result = try tree.read()
        #expect(result.inventory.functions.map(\.address.description) == ["0000:01:00.0", "10000:01:00.0"])
        #expect(result.findings.map(\.code) == ["address-twice"])
    }

    @Test func `a host with many functions is read the same on several threads`() throws {
        let tree = try SampleTree()
        for bus in 0..<36 {
            for function in 0..<8 {
                try tree.function("0000:\(String(format: "%02x", bus)):00.\(function)", group: bus * 8 + function)
            }
        }
        try tree.directory("sys/bus/pci/devices/nonsense")
        let result = try tree.read()
        #expect(result.inventory.functions.count == 288)
        #expect(result.inventory.groups.allSatisfy { $0.members.count == 1 && $0.domainType == "DMA" })
        let addresses = result.inventory.functions.map(\.address)
        #expect(addresses == addresses.sorted())
        #expect(result.findings.map(\.code) == ["unsupported-address"])
    }
}

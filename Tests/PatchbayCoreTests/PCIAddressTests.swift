import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `PCI addresses` {
    @Test(arguments: [
        ("0000:41:00.0", "0000:41:00.0", "41:00.0"),
        ("41:00.0", "0000:41:00.0", "41:00.0"),
        ("0000:FF:1F.7", "0000:ff:1f.7", "ff:1f.7"),
        ("10000:e1:00.0", "10000:e1:00.0", "10000:e1:00.0"),
        ("ffffffff:00:00.0", "ffffffff:00:00.0", "ffffffff:00:00.0"),
    ]) func `are printed the kernel's way`(_ text: String, _ long: String, _ short: String) throws {
        let address = try PCIAddress(text)
        #expect(address.description == long)
        #expect(address.short == short)
    }

    @Test(
        arguments: [
            "", ":", ".", "41:00", "41:00.8", "41:20.0", "1:00.0", "041:00.0", "000:41:00.0", "123456789:41:00.0",
            "0000:41:00.0 ", " 41:00.0", "+1:00.0", "0x41:00.0", "41:00.00", "41:0.0", "0000:0000:41:00.0", "41:00.０",
            "41-00.0", "atlas/41:00.0",
        ]) func `outside the kernel's ranges are refused`(_ text: String)
    {
        #expect(throws: Problem.self) { try PCIAddress(text) }
    }

    @Test(arguments: [
        "3b:0a.1", "3B:0A.1", "0000:3b:0a.1", "00000000:3B:0A.1", "pci_0000_3b_0a_1", "PCI_0000_3B_0A_1",
        "0000.3b.0a.1", "PCI:59:10:1", "pci:59:10:1", "PCI:59@0:10:1", "PCI:059:010:1",
        "pci-0000:3b:0a.1", "pci@0000:3b:0a.1", "pci:0000:3b:0a.1", "PCI:3b:0a.1",
    ]) func `are understood as other programs write them`(_ text: String) throws {
        let address = try #require(PCIAddress(domain: 0, bus: 0x3b, slot: 0x0a, function: 1))
        #expect(try PCIAddress(text) == address)
        #expect(try DeviceID("atlas/\(text)") == DeviceID(host: "atlas", key: address.key))
        #expect(PCIAddress.isMeant(by: text))
        #expect(try DeviceFilter(parsing: "address=\(text)").conditions.count == 1)
    }

    @Test func `of Xorg have the bus before the domain, and function 0 unless they say another`() throws {
        #expect(try PCIAddress("PCI:1@2:3:4").description == "0002:01:03.4")
        #expect(try PCIAddress("PCI:225@65536:0:0").description == "10000:e1:00.0")
        #expect(try PCIAddress("PCI:59:10").description == "0000:3b:0a.0")
    }

    @Test(arguments: [
        ("2a:50.1", "its slot is 50, and slots go from 00 to 1f"),
        ("pci_0000_2a_50_1", "its slot is 50, and slots go from 00 to 1f"),
        ("0000.2a.20.1", "its slot is 20, and slots go from 00 to 1f"),
        ("41:00.8", "its function is 8, and functions go from 0 to 7"),
        ("100:00.0", "its bus is 100, and buses go from 00 to ff"),
        ("100000000:00:00.0", "its domain is 100000000, and domains go from 0000 to ffffffff"),
        ("PCI:256:0:0", "its bus is 256, and buses go from 0 to 255"),
        ("pci@0000:3b:20.1", "its slot is 20, and slots go from 00 to 1f"),
        ("PCI:59:32:1", "its slot is 32, and slots go from 0 to 31"),
        ("PCI:59:10:8", "its function is 8, and functions go from 0 to 7"),
        ("3b:0a", "its function number is missing (3b:0a.0 to 3b:0a.7)"),
        ("0001:3b:0a", "its function number is missing (0001:3b:0a.0 to 0001:3b:0a.7)"),
    ]) func `name the part that is missing or out of range`(_ text: String, _ reason: String) throws {
        let problem = try #require(throws: Problem.self) { try PCIAddress(text) }
        #expect(problem.code == .malformedAddress)
        #expect(problem.detail == "\"\(text)\" is not a PCI address: \(reason).")
        let filter = try #require(throws: Problem.self) { try DeviceFilter(parsing: "address=\(text)") }
        #expect(filter.detail.hasSuffix("\"\(text)\" is not a valid value of address: \(reason)."))
    }

    @Test(arguments: [
        "pci_0000_3b_0a", "pci_3b_0a_1", "3b.0a.1", "0.3b.0a.1", "PCI:3b:0a:1", "PCI:59", "PCI:59@0@1:10:1",
        "PCI::10:1",
        "PCI:-1:10:1", "pci_gpus", "10.0.0.1", "pci_0000_3b_0a_1_0",
    ]) func `of no known form are refused without a guess`(_ text: String) throws {
        let problem = try #require(throws: Problem.self) { try PCIAddress(text) }
        #expect(problem.detail == "\"\(text)\" is not a PCI address.")
    }

    @Test(arguments: ["pci_0000_3b_0a_1", "0000.3b.0a.1", "PCI:59:10:1"])
    func `are stored and told in the kernel's form only`(_ text: String) throws {
        #expect(PCIAddress(printed: text) == nil)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode([PCIAddress].self, from: Data("[\"\(text)\"]".utf8))
        }
        #expect(try String(decoding: JSONEncoder().encode([PCIAddress(text)]), as: UTF8.self) == "[\"0000:3b:0a.1\"]")
    }

    @Test func `are told from names of pools`() {
        for name in ["gpus", "pci_gpus", "pool.one.two.b", "10.0.0.1", "a_b_c_d"] {
            #expect(!PCIAddress.isMeant(by: name))
        }
        #expect(PCIAddress.isMeant(by: "pci_0000_2a_50_1"))
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `read back what they print`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let domain = random.pick([
                0, UInt32.random(in: 0...0xffff, using: &random), UInt32.random(in: 0...UInt32.max, using: &random),
            ])
            let address = try #require(
                PCIAddress(
                    domain: domain, bus: UInt8.random(in: 0...255, using: &random),
                    slot: UInt8.random(in: 0...31, using: &random), function: UInt8.random(in: 0...7, using: &random)))
            #expect(try PCIAddress(address.description) == address)
            #expect(try PCIAddress(address.short) == address)
            #expect(try DeviceID("host-1/\(address)") == DeviceID(host: "host-1", key: address.key))
        }
    }

    @Test func `sort by domain, bus, slot, function`() throws {
        let texts = ["00:00.0", "00:00.7", "00:01.0", "01:00.0", "ff:1f.7", "0001:00:00.0", "10000:00:00.0"]
        let addresses = try texts.map { try PCIAddress($0) }
        #expect(addresses.shuffled().sorted() == addresses)
    }
}

@Suite struct `Device keys` {
    @Test(arguments: ["0000:41:00.0", "10000:e1:00.0", "ffffffff:00:1f.7"])
    func `are written as the address of a function, as value and as key`(_ text: String) throws {
        let key = try DeviceKey(text)
        #expect(key == .pci(try PCIAddress(text)) && key.description == text)
        #expect(try String(decoding: JSONEncoder().encode([key]), as: UTF8.self) == "[\"\(text)\"]")
        let byKey = try JSONEncoder().encode([key: 1])
        #expect(String(decoding: byKey, as: UTF8.self) == "{\"\(text)\":1}")
        #expect(try JSONDecoder().decode([DeviceKey: Int].self, from: byKey) == [key: 1])
    }

    @Test(arguments: ["", "usb:1-3", "vgpu:41:00.0", "41:00.8", "atlas/41:00.0", "41:00.0 "])
    func `of no kind that there is are refused`(_ text: String) {
        #expect(throws: Problem.self) { try DeviceKey(text) }
    }

    @Test func `sort as their addresses do, and find the function`() {
        let inventory = SampleHost.inventory()
        #expect(inventory.functions.map(\.key) == inventory.functions.map(\.key).sorted())
        for function in inventory.functions { #expect(function.isSame(as: inventory[function.key])) }
        #expect(inventory[SampleHost.address("99:00.0").key]?.key == nil)
    }
}

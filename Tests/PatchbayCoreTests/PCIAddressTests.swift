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
        for function in inventory.functions { #expect(inventory[function.key] == function) }
        #expect(inventory[SampleHost.address("99:00.0").key] == nil)
    }
}

import Foundation
import PatchbayCore
import PatchbayText
import Testing

@Suite struct `Keys of USB devices` {
    @Test(arguments: ["usb-1-3", "usb-1-3.1", "usb-12-1.2.3.4.5.6.255"])
    func `are written as the kernel names the port, as value and as key`(_ text: String) throws {
        let key = try DeviceKey(text)
        #expect(key == .usb(USBHost.port(String(text.dropFirst(4)))) && key.description == text && key.short == text)
        #expect(try String(decoding: JSONEncoder().encode([key]), as: UTF8.self) == "[\"\(text)\"]")
        let byKey = try JSONEncoder().encode([key: 1])
        #expect(String(decoding: byKey, as: UTF8.self) == "{\"\(text)\":1}")
        #expect(try JSONDecoder().decode([DeviceKey: Int].self, from: byKey) == [key: 1])
        #expect(try DeviceID("atlas/\(text)") == DeviceID(host: "atlas", key: key))
    }

    @Test(arguments: [
        "usb-", "usb-1", "usb-usb1", "usb-1-", "usb-1-0", "usb-01-3", "usb-1-3.", "usb-1-03", "usb-1-3:1.0",
        "usb-1-256", "usb-4096-1", "usb-0-1", "usb-1-1.2.3.4.5.6.7.8",
    ])
    func `that no kernel gives are refused, and so are root hubs`(_ text: String) throws {
        let problem = try #require(throws: Problem.self) { try DeviceKey(text) }
        #expect(problem.code == .malformedAddress && !problem.next.isEmpty)
        let list = Data("[\"\(text)\"]".utf8)
        #expect(throws: (any Error).self) { try JSONDecoder().decode([DeviceKey].self, from: list) }
    }

    @Test(arguments: [
        ("1-3.1", "Write it with a prefix:  usb-1-3.1"),
        ("usb1", "Choose a device that is plugged into it:  patchbay usb list"),
        ("stick", "Write a USB device as usb-BUS-PORT, for example usb-1-3."),
    ]) func `that are written another way are refused with the right one`(_ text: String, _ way: String) throws {
        let problem = try #require(throws: Problem.self) { try DeviceKey(text) }
        #expect(problem.code == .malformedAddress && problem.next.lines.last == way)
    }

    @Test func `sort by bus and port, after the functions, and find the device`() throws {
        let texts = ["ff:1f.7", "usb-1-3", "usb-1-3.1", "usb-1-3.1.4", "usb-1-3.2", "usb-1-10", "usb-2-1", "usb-10-1"]
        let keys = try texts.map { try DeviceKey($0) }
        #expect(keys.shuffled().sorted() == keys)
        let inventory = USBHost.inventory()
        for device in inventory.usb { #expect(device.isSame(as: inventory[device.key]) && inventory.has(device.key)) }
        #expect(inventory[DeviceKey.usb(USBHost.port("1-5"))]?.key == nil)
    }
}

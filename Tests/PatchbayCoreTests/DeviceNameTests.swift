import PatchbayCore
import Testing

@Suite struct `Names of devices` {
    @Test func `are a place or a serial number, on a host or wherever it is`() throws {
        let gpu = try DeviceKey("41:00.0")
        let stick = try DeviceKey("usb-1-3.1")
        let names: [(String, DeviceName)] = [
            ("41:00.0", .place(host: nil, gpu)), ("atlas/41:00.0", .place(host: "atlas", gpu)),
            ("usb-1-3.1", .place(host: nil, stick)), ("atlas/usb-1-3.1", .place(host: "atlas", stick)),
            ("serial=4C530001", .serial(host: nil, "4C530001")),
            ("atlas/serial=4C530001", .serial(host: "atlas", "4C530001")),
            ("serial=AB/CD12", .serial(host: nil, "AB/CD12")),
            ("serial=00-15-17-ff-ff-ab-cd-ef", .serial(host: nil, "00-15-17-ff-ff-ab-cd-ef")),
        ]
        for (text, name) in names { #expect(try DeviceName(text) == name, "\(text)") }
    }

    @Test(arguments: [
        "serial=", "serial=0", "serial=0000000000", "serial=Default string", "atlas/serial=none", "/41:00.0",
    ])
    func `of no one device are refused`(_ text: String) throws {
        let problem = try #require(throws: Problem.self) { try DeviceName(text) }
        #expect(problem.code == .malformedAddress && !problem.next.isEmpty)
    }

    @Test func `by serial number find what says it of itself, and no virtual function of it`() {
        var inventory = SampleHost.inventory()
        let cards = inventory.functions.indices.prefix(2)
        for index in cards {
            var details = inventory.functions[index].details ?? PCIDetails()
            details.serials = [DeviceSerial(.dsn, "00-15-17-FF-FF-AB-CD-EF")]
            inventory.functions[index].details = details
        }
        #expect(
            inventory.devices(withSerial: "00-15-17-ff-ff-ab-cd-ef") == cards.map { inventory.functions[$0].key })
        #expect(inventory.devices(withSerial: "00-15-17-ff-ff-ab-cd-00").isEmpty)
    }
}

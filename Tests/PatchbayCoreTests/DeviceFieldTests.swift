import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Fields of devices` {
    /// The A100 with everything that a survey finds out.
    private static let card: PCIFunction = {
        var function = SampleHost.inventory()[SampleHost.a100]!
        function.details = PCIDetails(
            link: PCILink(speed: 1600, width: 8), slot: PhysicalSlot(name: "3-1", label: "GPU tray 2"),
            serials: [DeviceSerial(.dsn, "00-15-17-ff-ff-ab-cd-ef"), DeviceSerial(.vpd, "1320821012345")])
        return function
    }()

    @Test(
        .requirements("V34"),
        arguments: [
            ("serial=1320821012345", true), ("serial=00-15-17-ff-ff-ab-cd-ef", true), ("serial^=13208", true),
            ("serial=2", false), ("serial!=2", true), ("serial=\"\"", false), ("label=3-1", true),
            ("label*~\"TRAY 2\"", true), ("width=8", true), ("width<16", true), ("width>=16", false),
            ("reset=flr", true), ("reset=bus", false), ("reset=none", false), ("vfs=\"\"", true), ("vfs>0", false),
            ("pci=10de:20b5:0302", true), ("short=41:00.0", true),
        ])
    func `tell serials, labels, links and resets`(_ text: String, _ expected: Bool) throws {
        let rule = Rule(name: "r", conditions: try DeviceFilter(parsing: text).conditions)
        try rule.validate(for: .pci)
        #expect(rule.matches(Self.card, on: "atlas") == expected)
    }

    private func matches(_ text: String, _ function: PCIFunction) throws -> Bool {
        Rule(name: "r", conditions: try DeviceFilter(parsing: text).conditions).matches(function, on: "atlas")
    }

    @Test func `have none where nothing was read or nothing is possible`() throws {
        var function = SampleHost.inventory()[SampleHost.parent]!
        #expect(try matches("vfs=8 serial=\"\" label=\"\" width=\"\"", function))
        function.resetMethods = []
        #expect(try matches("reset=none", function))
        function.resetMethods = nil
        #expect(try matches("reset=\"\" reset!=none", function))
    }

    @Test(arguments: [
        ("verdict=critical", ["00:17.0"]), ("use=mount", ["00:17.0"]), ("verdict!=free", ["00:17.0"]),
        ("alone=yes vendor=10de", ["41:00.0", "42:00.0"]),
        ("alone=no", ["00:14.0", "00:17.0", "c1:00.0", "c1:00.1"]),
    ]) func `say what the host needs and what stands alone`(_ text: String, _ expected: [String]) throws {
        let inventory = SampleHost.inventory()
        let filter = try DeviceFilter(parsing: text)
        let kept = inventory.functions.filter { function in
            !function.isBridge
                && filter.matches(function, used: DeviceUse(host: "atlas", state: .free, inventory: inventory))
        }
        #expect(kept.map(\.address.short) == expected)
    }

    @Test(arguments: ["alone", "verdict", "use", "state", "pool", "vm", "host"])
    func `are no matter of rules when they follow from what is done with a device`(_ name: String) throws {
        let field = try #require(DeviceField(rawValue: name))
        let problem = try #require(throws: Problem.self) {
            try Rule(name: "r", conditions: [Condition(field, .equal, "free")]).validate(for: .pci)
        }
        #expect(problem.code == .unknownField)
    }

    @Test(
        .requirements("V35"),
        arguments: [
            ("port=1-3.1", true), ("port^=1-3", true), ("product=5581", true), ("id=0781:5581", true),
            ("class=08", true), ("class=03", false), ("serial*=C0FFEE", true), ("speed>=480", true),
            ("speed<480", false),
            ("name*~ultra", true), ("driver=usb-storage", true), ("controller=00:14.0", true),
            ("verdict=in-use use=mount", true), ("vendor!=0781", false), ("version=2.10", true),
            ("version^=3", false), ("state=host pool=sticks vm=\"\"", true), ("state=free", false),
        ])
    func `of USB devices are ports, products and interfaces`(_ text: String, _ expected: Bool) throws {
        let stick = USBDevice(
            address: try #require(USBAddress(kernelName: "1-3.1")), port: USBPort(controller: SampleHost.usb),
            deviceNumber: 7, vendor: 0x0781, product: 0x5581, vendorName: "SanDisk", productName: "Ultra",
            serial: "00C0FFEE", speed: 4800, version: "2.10",
            interfaces: [USBInterface(number: 0, interfaceClass: 8, driver: "usb-storage")])
        var inventory = SampleHost.inventory()
        inventory.usb = [stick]
        inventory.hostUses[stick.key] = [HostUse(.mount, .inUse, chain: ["/mnt", "sdb1", "1-3.1"])]
        let use = DeviceUse(host: "atlas", state: .host, pools: ["sticks"], inventory: inventory)
        let matcher = try DeviceFilter(parsing: text, for: .usb).matcher(for: .usb)
        #expect(matcher.matches(stick, used: use) == expected)
    }

    @Test(
        .requirements("V35"),
        arguments: [
            ("port=1-3", DeviceKind.pci, "The fields are name"), ("prodct=5581", .usb, "Did you mean product?"),
            ("slot=41:00", .usb, "The fields are name"),
        ]) func `differ with the kind of device`(_ text: String, _ kind: DeviceKind, _ meant: String) throws
    {
        let problem = try #require(throws: Problem.self) { try DeviceFilter(parsing: text, for: kind) }
        #expect(problem.code == .unknownField)
        #expect(problem.next.count == 1 && problem.next.lines[0].hasPrefix(meant))
    }

    @Test(arguments: [
        ("class=0302", "class^=0302"), ("class=gpu", "class^=03. To search its name for a word: classname*~gpu"),
    ])
    func `of a class have a hint that works`(_ filter: String, _ hint: String) throws {
        let problem = try #require(throws: Problem.self) { try DeviceFilter(parsing: filter) }
        #expect(problem.next.lines.joined().hasSuffix(hint), "\(problem.next.lines)")
    }

    @Test func `are pointed at where they are wrong`() throws {
        let text = "numa=0 vendr=10de"
        let problem = try #require(throws: Problem.self) { try DeviceFilter(parsing: text) }
        #expect(problem.evidence == [text, "       ^"])
        let long = String(repeating: "numa=0 ", count: 20) + "state=fre name=x"
        let far = try #require(throws: Problem.self) { try DeviceFilter(parsing: long) }
        #expect(far.detail == "Column 147 of the filter: \"fre\" is not a valid value of state.")
        #expect(far.next.lines.first == "Did you mean free?")
        let mark = try #require(far.evidence.last).count
        #expect(far.evidence[0].dropFirst(mark - 1).hasPrefix("fre name=x"))
        let tab = try #require(throws: Problem.self) { try DeviceFilter(parsing: "numa=0\t\u{7}=1") }
        #expect(tab.evidence == ["numa=0  =1", "       ^"])
    }
}

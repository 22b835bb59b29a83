import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayLibvirt

@Suite struct `A domain definition` {
    static let new = ["0000:e1:00.0", "0000:e1:00.1", "10000:01:1f.7"].compactMap { try? DeviceKey($0) }

    @Test func `names the host's PCI devices however they are written`() throws {
        let definition = try DomainDefinition(DomainSample.awkward.xml)
        #expect(definition.hostDevices.map(\.description) == ["0000:41:1f.1", "0000:42:02.1"])
        #expect(try DomainDefinition(DomainSample.nvmeDisk.xml).hostDevices.map(\.description) == ["0000:01:00.0"])
        #expect(try DomainDefinition(DomainSample.noDevices.xml).hostDevices == [])
    }

    @Test(
        arguments: [
            ("bus='0x41'", "0000:41:00.0"), ("bus='65'", "0000:41:00.0"), ("bus='0101'", "0000:41:00.0"),
            ("domain='0x10000' bus='1' slot='0x1f' function='7'", "10000:01:1f.7"), ("bus='0X1F'", "0000:1f:00.0"),
            ("bus='256'", nil), ("slot='32'", nil), ("function='8'", nil), ("bus='zz'", nil), ("bus='-1'", nil),
            ("bus=''", nil),
        ] as [(String, String?)])
    func `reads numbers as libvirt does`(_ attributes: String, _ address: String?) throws {
        let definition = try DomainDefinition(
            """
            <domain><devices><hostdev mode='subsystem' type='pci'><source><address \(attributes)/></source></hostdev>\
            </devices></domain>
            """)
        #expect(definition.hostDevices.map(\.description) == [address].compactMap(\.self))
    }

    @Test(.enabled(if: Xmllint.isHere, "xmllint is missing: apt install libxml2-utils"), arguments: DomainSample.all)
    func `is as before when a device was plugged and unplugged`(_ sample: DomainSample) async throws {
        var definition = try DomainDefinition(sample.xml)
        let before = definition.hostDevices
        try definition.plug(Self.new)
        #expect(definition.hostDevices == before + Self.new)
        var plugged = try DomainDefinition(definition.xml)
        #expect(plugged.hostDevices == before + Self.new)
        #expect(try await Xmllint.canonical(plugged.xml) != Xmllint.canonical(sample.xml))
        try plugged.unplug(Self.new)
        #expect(try await Xmllint.canonical(plugged.xml) == Xmllint.canonical(sample.xml))
        if !sample.xml.contains("<devices/>") { #expect(plugged.xml == sample.xml, "byte by byte") }
    }

    @Test(
        .enabled(if: Xmllint.hasSchema, "libvirt's schema or xmllint is missing: apt install libvirt0 libxml2-utils"),
        arguments: DomainSample.all)
    func `is still valid with devices plugged`(_ sample: DomainSample) async throws {
        var definition = try DomainDefinition(sample.xml)
        try definition.plug(Self.new)
        // Samples from newer versions are not valid to begin with: then editing must not add to the complaints.
        guard try await Xmllint.complaint(about: sample.xml) == nil else { return }
        let complaint = try await Xmllint.complaint(about: definition.xml)
        #expect(complaint == nil, "\(complaint ?? "")")
    }

    @Test(.enabled(if: Xmllint.hasSchema, "libvirt's schema or xmllint is missing: apt install libvirt0 libxml2-utils"))
    func `of the tests is valid`() async throws {
        for sample in [DomainSample.awkward, .noDevices, .nvmeDisk] {
            #expect(try await Xmllint.complaint(about: sample.xml) == nil, "\(sample.name)")
        }
    }

    @Test(
        .enabled(
            if: DomainSample.folder != nil,
            "PATCHBAY_LIBVIRT_XML names no folder of libvirt's own examples of domain XML"))
    func `of libvirt's own examples was found`() {
        #expect(DomainSample.fromFolder.count > 20)
    }

    @Test func `plugs with VFIO, unmanaged, under a name of ours`() throws {
        var definition = try DomainDefinition("<domain><devices/></domain>")
        try definition.plug([DeviceKey("10000:e1:0a.3")])
        #expect(
            definition.xml.contains(
                """
                <hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/><source>\
                <address domain='0x10000' bus='0xe1' slot='0x0a' function='0x3'/></source>\
                <alias name='ua-pb-10000-e1-0a-3'/></hostdev>
                """))
    }

    @Test(.requirements("VX9"), arguments: [(nil, "<source>"), (GuestReset.off, "<source guestReset='off'>")])
    func `says what the guest may reset where something is said of that`(_ reset: GuestReset?, _ source: String) throws
    {
        let port = try #require(USBAddress(kernelName: "1-4"))
        let stick = USBDevice(
            address: port, port: USBPort(controller: try PCIAddress("00:14.0")), deviceNumber: 4, vendor: 0x0951,
            product: 0x1666)
        let text = USBHostDevice.text(for: stick, guestReset: reset)
        let named = "<vendor id='0x0951'/><product id='0x1666'/><address bus='1' device='4'/></source>"
        #expect(text.contains(source + named))
    }

    @Test func `is left as it is by what is there already or not there at all`() throws {
        var definition = try DomainDefinition(DomainSample.awkward.xml)
        let before = definition.xml
        try definition.plug([DeviceKey("41:1f.1"), DeviceKey("42:02.1")])
        try definition.unplug(Self.new)
        #expect(definition.xml == before)
        try definition.plug([DeviceKey("01:00.0"), DeviceKey("01:00.0")])
        #expect(definition.hostDevices.map(\.description) == ["0000:41:1f.1", "0000:42:02.1", "0000:01:00.0"])
    }

    @Test func `loses only the devices that are unplugged`() throws {
        var definition = try DomainDefinition(DomainSample.awkward.xml)
        try definition.unplug([DeviceKey("41:1f.1"), DeviceKey("42:02.1")])
        #expect(definition.hostDevices == [])
        #expect(definition.xml.contains("4b20d080") && definition.xml.contains("0x1050"))
    }

    @Test func `keeps an NVMe disk and says so`() throws {
        let definition = try DomainDefinition(DomainSample.nvmeDisk.xml)
        let disk = try DeviceKey("01:00.0")
        let problem = #expect(throws: Problem.self) {
            var copy = definition
            try copy.unplug([disk])
        }
        #expect(problem?.code == .inUse)
        #expect(problem?.detail == "0000:01:00.0 is in the definition as an NVMe disk, not as a host device.")
        #expect(definition.hostDevices == [disk])
    }

    @Test(arguments: [
        "", "<domain>", "<network/>", "no xml", "<domain/><domain/>", "\u{0}", "<domain/>x", "<domain></Domain>",
        "<domain a='1' a='2'/>", "<domain a=1/>", "<domain a='1/>", "<domain>&none;</domain>",
        "<domain>&#xd800;</domain>",
        "<!DOCTYPE domain [<!ENTITY a 'b'>]><domain/>", "<domain><!-- </domain>", "<domain><![CDATA[</domain>",
        "<domain",
        "<domain a='1'b='2'/>", "<domain>\u{1}</domain>", "</domain>", "< domain/>", "<domain><?x</domain>",
        String(repeating: "<domain>", count: 100_000),
    ])
    func `has to be one`(_ text: String) {
        let problem = #expect(throws: Problem.self) { try DomainDefinition(text) }
        #expect(problem?.code == .unreadable)
    }

    @Test func `may have no list of devices yet`() throws {
        for xml in ["<domain><name>n</name></domain>", "<domain><devices/></domain>", "<domain><devices /></domain >"] {
            var definition = try DomainDefinition(xml)
            try definition.plug(Self.new)
            #expect(definition.hostDevices == Self.new, "\(definition.xml)")
        }
    }

    @Test func `survives being cut or mangled anywhere`() {
        var generator = SplitMix(seed: 1)
        let bytes = Array(DomainSample.awkward.xml.utf8)
        for _ in 0..<2_000 {
            var mangled = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            for _ in 0..<3 where !mangled.isEmpty {
                mangled[Int.random(in: mangled.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            guard var definition = try? DomainDefinition(String(decoding: mangled, as: UTF8.self)) else { continue }
            #expect(throws: Never.self) { try definition.plug(Self.new) }
            #expect(Set(definition.hostDevices).isSuperset(of: Self.new))
        }
    }

    @Test func `says where its console is logged and whether its firmware remembers`() throws {
        let logged = """
            <domain><os firmware='efi'></os><devices><serial type='pty'><log file='/a b.log' append='off'/></serial></devices></domain>
            """
        #expect(try DomainDefinition(logged).consoleLogPath == "/a b.log")
        #expect(try DomainDefinition(logged).hasFirmwareVariables)
        #expect(try DomainDefinition(DomainSample.awkward.xml).consoleLogPath == nil)
        #expect(try !DomainDefinition(DomainSample.awkward.xml).hasFirmwareVariables)
        #expect(try !DomainDefinition(DomainSample.awkward.xml).isManaged)
    }
}

/// The same numbers at every run: a failure can be looked at again.
private struct SplitMix: RandomNumberGenerator {
    var seed: UInt64
    mutating func next() -> UInt64 {
        seed &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (seed ^ (seed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

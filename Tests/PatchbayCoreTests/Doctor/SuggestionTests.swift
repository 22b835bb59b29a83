import PatchbayCore
import PatchbayText
import Testing

/// What the doctor says to lend first.
@Suite struct `The doctor's suggestion` {
    /// A device in a group of its own, in a slot, that nobody uses.
    private static func function(
        _ address: String, _ code: UInt32, vendor: UInt16 = 0x10de, group: Int, driver: String? = nil,
        path: String = "pci0000:00/01.0", _ change: (inout PCIFunction) -> Void = { _ in }
    ) throws -> PCIFunction {
        let place = try PCIAddress(address)
        var function = PCIFunction(
            address: place, id: PCIID(vendor: vendor, device: 0x1234), deviceClass: PCIClass(code), driver: driver,
            iommuGroup: IOMMUGroupID(group), resetMethods: ["flr"],
            topologyPath: "\(path)/\(address.suffix(4))")
        change(&function)
        return function
    }

    private static func report(
        _ functions: [PCIFunction], uses: [DeviceKey: [HostUse]] = [:], holders: [DeviceKey: [DeviceHolder]] = [:]
    ) -> DoctorReport {
        let numbers = Set(functions.compactMap(\.iommuGroup))
        let groups = numbers.sorted { $0.rawValue < $1.rawValue }.map { id in
            IOMMUGroup(id: id, members: functions.filter { $0.iommuGroup == id }.map(\.address))
        }
        let platform = HostPlatform(
            cpu: CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: false),
            iommu: IOMMUFacts(groupCount: groups.count, hasInterruptRemapping: true))
        return Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
                groups: groups, hostUses: uses, survey: HostSurvey(platform: platform, holders: holders)))
    }

    private static func line(_ address: String) -> [String] {
        ["Lend one:  patchbay device passthrough \(address) --pool NAME --create"]
    }

    @Test func `is a card that people lend before one that they hardly ask for`() throws {
        let usb = try Self.function("02:00.0", 0x0c0330, vendor: 0x1b21, group: 2)
        let network = try Self.function("03:00.0", 0x020000, vendor: 0x15b3, group: 3)
        let gpu = try Self.function("04:00.0", 0x030000, group: 4, driver: "nouveau")
        #expect(Self.report([usb, network, gpu]).next.lines == Self.line("04:00.0"))
        #expect(Self.report([usb, network]).next.lines == Self.line("03:00.0"))
        #expect(Self.report([usb]).next.lines == Self.line("02:00.0"))
    }

    @Test func `is a card in a slot before what is built in`() throws {
        let builtIn = try Self.function("00:02.0", 0x030000, vendor: 0x8086, group: 1, path: "pci0000:00")
        let nvme = try Self.function("03:00.0", 0x010802, vendor: 0x144d, group: 3)
        #expect(Self.report([builtIn, nvme]).next.lines == Self.line("03:00.0"))
        #expect(Self.report([builtIn]).next.lines == Self.line("00:02.0"))
    }

    @Test(arguments: [
        (UInt32(0x080700), UInt16(0x1022)), (0x088000, 0x8086), (0x130000, 0x1022), (0x110100, 0x8086),
        (0x108000, 0x1022), (0x050000, 0x8086), (0x040300, 0x8086), (0x0c0500, 0x8086),
    ]) func `is never a part of the board`(_ code: UInt32, _ vendor: UInt16) throws {
        let report = Self.report([try Self.function("00:08.0", code, vendor: vendor, group: 1, path: "pci0000:00")])
        #expect(!report.next.lines.joined().contains("passthrough"), "\(report.next.lines)")
        #expect(report.next.lines.first?.hasPrefix("No device") == true)
    }

    @Test func `is nothing that does not answer, holds data, is held open, or is set aside`() throws {
        let silent = try Self.function("04:00.0", 0x030000, group: 4) { $0.silence = Silence(.allOnes) }
        let report = Self.report([silent])
        #expect(report.lendable == 0)
        #expect(report.next.lines.first == "No device can be lent: 1 silent.")
        let disk = try Self.function("05:00.0", 0x010802, vendor: 0x144d, group: 5)
        let data = HostUse(.storedData, .dataAtRisk, chain: ["ext4", "nvme0n1", "0000:05:00.0"])
        let full = Self.report([disk], uses: [disk.key: [data]])
        #expect(full.next.lines.first == "No device can be lent: 1 with data on it.")
        let holder = DeviceHolder(pid: 7, command: "python3", node: "/dev/nvidia0")
        let gpu = try Self.function("06:00.0", 0x030200, group: 6, driver: "nvidia")
        #expect(!Self.report([gpu], holders: [gpu.key: [holder]]).next.lines.joined().contains("passthrough"))
        let bound = try Self.function("06:00.0", 0x030200, group: 6, driver: "vfio-pci")
        #expect(!Self.report([bound]).next.lines.joined().contains("passthrough"))
    }

    @Test func `takes no virtual function for another graphics card`() throws {
        let card = try Self.function("04:00.0", 0x030000, group: 4) { $0.isBootDisplay = true }
        let virtual = try Self.function("04:00.1", 0x030000, group: 5) {
            $0.role = .virtual(parent: card.address, index: 0)
        }
        let alone = Self.report([card, virtual]).checks.first { $0.code == "boot-display" }
        #expect(alone?.evidence == ["it is the only graphics card"])
        let cards = try (0..<12).map { try Self.function("\(10 + $0):00.0", 0x030000, group: 10 + $0) }
        let many = Self.report([card] + cards).checks.first { $0.code == "boot-display" }
        #expect(many?.evidence.count == 9 && many?.evidence.last == "and 4 more")
    }

    @Test func `counts what stays by what keeps it`() throws {
        let card = try Self.function("04:00.0", 0x030000, group: 4) { $0.iommuGroup = nil }
        let other = try Self.function("05:00.0", 0x020000, group: 5) { $0.iommuGroup = nil }
        let network = try Self.function("06:00.0", 0x020000, group: 6)
        let route = HostUse(.defaultRoute, .unknown, chain: ["routes are not known", "0000:06:00.0"])
        let report = Self.report([card, other, network], uses: [network.key: [route]])
        let kept = ["1 whose use could not be determined", "2 without an IOMMU group"]
        #expect(report.checks.first { $0.code == "devices" }?.evidence == kept)
        #expect(report.next.lines.first == "No device can be lent: \(kept.joined(separator: ", ")).")
        let needs = report.checks.first { $0.code == "host-needs" }
        #expect(needs?.reason == "For 1 device it could not be determined whether the host uses it, so it is not lent.")
        #expect(needs?.evidence == ["06:00.0 \(route.sentence)"])
    }

    @Test func `goes with the other functions of its card, and not with another card`() throws {
        let gpu = try Self.function("04:00.0", 0x030000, group: 4)
        let audio = try Self.function("04:00.1", 0x040300, group: 4)
        #expect(Self.report([gpu, audio]).next.lines == Self.line("04:00.0"))
        let other = try Self.function("05:00.0", 0x020000, vendor: 0x15b3, group: 4)
        #expect(!Self.report([gpu, audio, other]).next.lines.joined().contains("passthrough"))
        let usb = try Self.function("0a:00.3", 0x0c0330, vendor: 0x1022, group: 9)
        let security = try Self.function("0a:00.1", 0x108000, vendor: 0x1022, group: 9, driver: "ccp")
        #expect(!Self.report([security, usb]).next.lines.joined().contains("passthrough"))
    }
}

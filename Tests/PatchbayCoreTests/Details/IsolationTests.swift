import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

/// A root port with a switch behind it, two cards behind the switch, a card with two functions on a port of its own, and
/// a bridge to conventional PCI. Every port has full ACS until a test takes it away.
private struct Board {
    static let rootPort = address("00:01.0")
    static let upstream = address("01:00.0")
    static let down = [address("02:00.0"), address("02:01.0")]
    static let cards = [address("03:00.0"), address("04:00.0")]
    static let secondPort = address("00:02.0")
    static let dual = [address("05:00.0"), address("05:00.1")]
    static let thirdPort = address("00:03.0")
    static let bridge = address("06:00.0")
    static let old = [address("07:00.0"), address("07:01.0")]

    static let full = ACS(capable: .forIsolation, enabled: .forIsolation)
    static func address(_ text: String) -> PCIAddress { try! PCIAddress(text) }

    var acs: [PCIAddress: ACS]
    var groups: [[PCIAddress]] = [
        [rootPort], [upstream], [down[0]], [down[1]], [cards[0]], [cards[1]], [secondPort], dual, [thirdPort],
        [bridge] + old,
    ]
    var commandLine: String? = "ro quiet"
    var survey: HostSurvey?
    var isRead = true

    init() {
        acs = [:]
        for port in [Self.rootPort, Self.secondPort, Self.thirdPort] + Self.down { acs[port] = Self.full }
    }

    var inventory: Inventory {
        var functions: [PCIFunction] = []
        func add(_ address: PCIAddress, _ path: String, _ type: PCIExpressCapability.PortType?, header: UInt8 = 0) {
            let express = type.map { PCIExpressCapability(portType: $0, hasFLR: false) }
            let capabilities = PCICapabilities(extended: [], express: express, acs: acs[address])
            let group = groups.firstIndex { $0.contains(address) }
            functions.append(
                PCIFunction(
                    address: address, id: PCIID(vendor: 0x8086, device: 1),
                    deviceClass: PCIClass(header == 1 ? 0x060400 : 0x020000),
                    iommuGroup: group.map { IOMMUGroupID($0) }, headerType: header, topologyPath: path,
                    details: PCIDetails(capabilities: isRead ? capabilities : nil)))
        }
        add(Self.rootPort, "pci0000:00/01.0", .rootPort, header: 1)
        add(Self.upstream, "pci0000:00/01.0/00.0", .upstreamPort, header: 1)
        for index in 0...1 {
            add(Self.down[index], "pci0000:00/01.0/00.0/0\(index).0", .downstreamPort, header: 1)
            add(Self.cards[index], "pci0000:00/01.0/00.0/0\(index).0/00.0", .endpoint)
        }
        add(Self.secondPort, "pci0000:00/02.0", .rootPort, header: 1)
        for index in 0...1 { add(Self.dual[index], "pci0000:00/02.0/00.\(index)", .endpoint) }
        add(Self.thirdPort, "pci0000:00/03.0", .rootPort, header: 1)
        add(Self.bridge, "pci0000:00/03.0/00.0", .toConventionalBridge, header: 1)
        for index in 0...1 { add(Self.old[index], "pci0000:00/03.0/00.0/0\(index).0", nil) }
        return Inventory(
            host: HostFacts(name: "atlas", kernelCommandLine: commandLine),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: groups.enumerated().map { IOMMUGroup(id: IOMMUGroupID($0), members: $1.sorted()) }, survey: survey)
    }

    func isolation(of address: PCIAddress) -> GroupIsolation {
        let inventory = inventory
        return inventory.isolation(of: inventory[address]!.iommuGroup!)!
    }

    mutating func join(_ addresses: [PCIAddress]) {
        groups = groups.filter { !addresses.contains($0[0]) } + [addresses]
    }
}

@Suite struct `Isolation of groups` {
    @Test func `a group of one behind ports with ACS is isolated, with nothing to say`() {
        let isolation = Board().isolation(of: Board.cards[0])
        #expect(isolation.verdict == .isolated && isolation.reasons.isEmpty && isolation.causes.isEmpty)
    }

    @Test(.requirements("C7")) func `the port that lacks ACS is named, with its card's whole group`() {
        var board = Board()
        board.acs[Board.secondPort] = nil
        board.join([Board.secondPort] + Board.dual)
        let isolation = board.isolation(of: Board.dual[0])
        #expect(isolation.verdict == .isolated)
        #expect(
            isolation.causes == [
                "0000:00:02.0 (root port) lacks ACS: devices behind it may bypass the IOMMU."
            ])
    }

    @Test func `bits that are turned off are named`() {
        var board = Board()
        board.acs[Board.down[0]] = ACS(capable: .forIsolation, enabled: [.completionRedirect, .upstreamForwarding])
        board.join([Board.down[0], Board.cards[0]])
        #expect(
            board.isolation(of: Board.cards[0]).causes == [
                "0000:02:00.0 (switch downstream port) has ACS turned off for source validation and request redirect."
            ])
    }

    @Test func `a port needs only the bits that it can have`() {
        var board = Board()
        board.acs[Board.down[0]] = ACS(capable: [.sourceValidation], enabled: [.sourceValidation])
        #expect(board.isolation(of: Board.cards[0]).reasons.isEmpty)
    }

    @Test func `a root port without ACS brings everything behind its switch together`() {
        var board = Board()
        board.acs[Board.rootPort] = nil
        board.join([Board.rootPort, Board.upstream] + Board.down + Board.cards)
        #expect(
            board.isolation(of: Board.cards[1]).causes == [
                "0000:00:01.0 (root port) lacks ACS: devices behind it may bypass the IOMMU."
            ])
    }

    @Test func `functions of one device without ACS are one group`() {
        #expect(
            Board().isolation(of: Board.dual[1]).causes == [
                "0000:05:00.0, 0000:05:00.1 are functions of one device that does not report ACS between them."
            ])
        var board = Board()
        for function in Board.dual { board.acs[function] = Board.full }
        board.join([Board.dual[0]])
        board.groups.append([Board.dual[1]])
        #expect(
            board.isolation(of: Board.dual[1])
                == GroupIsolation(
                    group: IOMMUGroupID(10), verdict: .isolated, reasons: [], causes: []))
    }

    @Test func `conventional PCI speaks with the id of its bridge`() {
        #expect(
            Board().isolation(of: Board.old[0]).causes == [
                "0000:06:00.0 leads to conventional PCI: devices behind it use the bridge's requester ID."
            ])
    }

    @Test func `what bits do not explain is the kernel's quirk list, in both directions`() {
        var larger = Board()
        larger.join([Board.cards[0], Board.cards[1]])
        #expect(larger.isolation(of: Board.cards[0]).causes.last?.contains("quirk list") == true)
        var smaller = Board()
        smaller.acs[Board.rootPort] = nil
        let isolation = smaller.isolation(of: Board.cards[0])
        #expect(isolation.verdict == .isolated)
        #expect(isolation.reasons.first?.hasPrefix("0000:00:01.0 (root port) lacks ACS") == true)
        #expect(isolation.reasons.last?.contains("quirk list") == true)
    }

    @Test func `without config spaces the causes are not known, and nothing is made up`() {
        var board = Board()
        board.isRead = false
        let causes = board.isolation(of: Board.dual[0]).causes
        #expect(causes.count == 1 && causes[0].hasPrefix("Not every config space"))
    }
}

@Suite struct `Isolation that only looks so` {
    @Test(
        .requirements("C29"),
        arguments: [
            ("pcie_acs_override=downstream,multifunction", "pretend"),
            ("pci=disable_acs_redir=0000:01:00.0", "disable_acs_redir"),
            ("pci=noaer,config_acs=10@0000:01:00.0", "config_acs"),
        ])
    func `groups that were made smaller by parameters`(_ parameter: String, _ word: String) {
        var board = Board()
        board.acs[Board.rootPort] = nil
        board.commandLine = "ro \(parameter) quiet"
        let isolation = board.isolation(of: Board.cards[0])
        #expect(isolation.verdict == .notIsolated)
        #expect(isolation.reasons.first?.contains(word) == true)
        board.isRead = false
        #expect(board.isolation(of: Board.cards[0]).verdict == .notIsolated)
    }

    @Test func `the override takes nothing from a group that the bits prove`() {
        var board = Board()
        board.commandLine = "pcie_acs_override=downstream"
        #expect(board.isolation(of: Board.cards[0]).verdict == .isolated)
    }

    @Test(
        .requirements("C29"),
        arguments: [
            "vfio_iommu_type1.allow_unsafe_interrupts=1", "vfio-iommu-type1.allow_unsafe_interrupts=Y",
            "vfio.enable_unsafe_noiommu_mode=1", "intremap=off", "nointremap",
            "vfio_iommu_type1.allow_unsafe_interrupts=yes", "vfio.enable_unsafe_noiommu_mode",
        ])
    func `interrupts and memory that are not confined`(_ parameter: String) {
        var board = Board()
        board.commandLine = parameter
        let isolation = board.isolation(of: Board.cards[0])
        #expect(isolation.verdict == .notIsolated && isolation.reasons.count == 1)
    }

    @Test(.requirements("C29")) func `what the survey found counts more than the command line`() {
        var board = Board()
        board.commandLine = "vfio_iommu_type1.allow_unsafe_interrupts=0"
        board.survey = HostSurvey(platform: HostPlatform(iommu: IOMMUFacts(allowsUnsafeInterrupts: true)))
        #expect(board.isolation(of: Board.cards[0]).verdict == .notIsolated)
        board.survey = HostSurvey(platform: HostPlatform(iommu: IOMMUFacts(allowsNoIOMMU: true)))
        #expect(board.isolation(of: Board.cards[0]).verdict == .notIsolated)
        board.survey = HostSurvey(platform: HostPlatform(iommu: IOMMUFacts(hasInterruptRemapping: false)))
        #expect(board.isolation(of: Board.cards[0]).verdict == .notIsolated)
        board.survey = HostSurvey(
            platform: HostPlatform(iommu: IOMMUFacts(hasInterruptRemapping: true, allowsUnsafeInterrupts: false)))
        #expect(board.isolation(of: Board.cards[0]).verdict == .isolated)
    }

    @Test func `nobody can tell when neither is known`() {
        var board = Board()
        board.commandLine = nil
        #expect(board.isolation(of: Board.cards[0]).verdict == .unknown)
    }
}

@Suite struct `Groups from boot to boot` {
    @Test(.requirements("C7")) func `numbers and bus numbers do not matter`() {
        let before = Board().inventory
        var board = Board()
        board.groups.reverse()
        #expect(board.inventory.groupFingerprints == before.groupFingerprints)
        #expect(board.inventory.groupChanges(since: before).isEmpty)
    }

    @Test(.requirements("C7")) func `what joined and what left is said`() {
        let before = Board().inventory
        var board = Board()
        board.join([Board.cards[0]] + Board.dual)
        board.groups.removeAll { $0 == Board.dual }
        let after = board.inventory
        #expect(
            after.groupChanges(since: before).map(\.sentence) == [
                "The group of 0000:03:00.0 was 1 device and is now 3: joined by 0000:05:00.0 and 0000:05:00.1.",
                "The group of 0000:05:00.0 and 0000:05:00.1 was 2 devices and is now 3: joined by 0000:03:00.0.",
            ])
        #expect(
            before.groupChanges(since: after).map(\.sentence) == [
                "The group of 0000:03:00.0 was 3 devices and is now 1: left by 0000:05:00.0 and 0000:05:00.1.",
                "The group of 0000:05:00.0 and 0000:05:00.1 was 3 devices and is now 2: left by 0000:03:00.0.",
            ])
    }

    @Test func `an IOMMU that was turned off is no change of groups`() {
        var off = Board()
        off.groups = []
        #expect(off.inventory.groupChanges(since: Board().inventory).isEmpty)
        #expect(Board().inventory.groupChanges(since: off.inventory).isEmpty)
    }
}

@Suite struct `Reserved memory` {
    @Test(.requirements("C9")) func `a direct region is an obstacle before anything is tried, a relaxable one is not`()
        throws
    {
        var inventory = SampleHost.inventory()
        let index = inventory.groups.firstIndex { $0.id == IOMMUGroupID(40) }!
        inventory.groups[index].reservedRegions = [
            ReservedRegion(start: 0xfee0_0000, end: 0xfeef_ffff, kind: .msi),
            ReservedRegion(start: 0xdf8f_9000, end: 0xdf8f_9fff, kind: .directRelaxable),
        ]
        let usage = Usage(pools: [SampleHost.everything])
        #expect(HostView(inventory: inventory, usage: usage).state(of: SampleHost.idle.key).state == .free)
        inventory.groups[index].reservedRegions?[1].kind = .direct
        let view = HostView(inventory: inventory, usage: usage)
        #expect(view.state(of: SampleHost.idle.key).state == .blocked)
        #expect(view.state(of: SampleHost.idle.key).reason.contains("0xdf8f9000-0xdf8f9fff"))
        let problem = try #require(throws: Problem.self) {
            try Planner(inventory: inventory, usage: usage).plan(
                .prepare([SampleHost.unit(SampleHost.idle)]), id: "p-1")
        }
        #expect(problem.code == .reservedMemory)
        #expect(
            problem.detail == "Cannot hand over atlas/b0:00.0: the firmware reserves memory 0xdf8f9000-0xdf8f9fff "
                + "for IOMMU group 40, so the kernel will refuse to assign it.")
        #expect(problem.evidence.first == "reserved_regions of group 40: 0xdf8f9000-0xdf8f9fff direct")
        #expect(problem.next.lines.first?.contains("firmware setup") == true)
    }
}

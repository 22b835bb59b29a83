import PatchbayCore
import Testing

/// A GPU behind a switch on its card: root port, upstream port, downstream port, GPU.
@Suite struct `Links on the way to a device` {
    private static let names = ["00:01.1", "01:00.0", "02:00.0", "03:00.0"]
    private static let paths = ["01.1", "01.1/00.0", "01.1/00.0/00.0", "01.1/00.0/00.0/00.0"]
    private static let types: [PCIExpressCapability.PortType] = [.rootPort, .upstreamPort, .downstreamPort, .endpoint]

    /// - Parameters:
    ///   - card: the link between slot and card, as both its ends tell it.
    ///   - inner: the link inside of the card.
    ///   - showsPorts: false: no more than the standard header of each function could be read.
    private func inventory(
        card: PCILink, inner: PCILink = PCILink(speed: 3200, width: 16, maxSpeed: 3200, maxWidth: 16),
        showsPorts: Bool = true
    ) -> Inventory {
        let functions = Self.names.indices.map { index in
            var function = SampleHost.function(
                SampleHost.address(Self.names[index]), 0x1002, 0x1478, index == 3 ? 0x030000 : 0x060400,
                "part \(index)",
                driver: nil, group: index, header: index == 3 ? 0 : 1)
            function.topologyPath = "pci0000:00/\(Self.paths[index])"
            let express = PCIExpressCapability(portType: Self.types[index], hasFLR: false)
            function.details = PCIDetails(
                capabilities: showsPorts ? PCICapabilities(standard: [0x10], express: express) : nil,
                link: index < 2 ? card : inner)
            return function
        }
        var inventory = Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: functions.indices.map {
                IOMMUGroup(id: IOMMUGroupID($0), members: [functions[$0].address])
            })
        inventory.connectLinks()
        return inventory
    }

    private func bottleneck(_ inventory: Inventory) -> PCILink.Bottleneck? {
        inventory[SampleHost.address("03:00.0")]?.details?.link?.bottleneck
    }

    @Test(arguments: [true, false]) func `are compared up to the root port`(_ showsPorts: Bool) throws {
        let narrow = PCILink(speed: 1600, width: 8, maxSpeed: 3200, maxWidth: 16)
        let inventory = inventory(card: narrow, showsPorts: showsPorts)
        let upstream = SampleHost.address("01:00.0")
        #expect(
            bottleneck(inventory)
                == PCILink.Bottleneck(port: upstream, speed: 1600, width: 8, maxSpeed: 3200, maxWidth: 16))
        let faults = inventory.detailFindings.filter { $0.severity == .warning }
        #expect(faults.map(\.code) == ["link-narrow"] && faults.map(\.subject) == ["atlas/0000:01:00.0"])
        #expect(faults.map(\.sentence) == ["0000:01:00.0: The link uses 8 of 16 lanes."])
        let check = try #require(Doctor.examine(inventory).checks.first { $0.code == "narrow-link" })
        #expect(check.evidence.count == 1)
        #expect(check.evidence[0].hasPrefix("03:00.0 "))
        #expect(check.evidence[0].hasSuffix(": x8 where x16 is possible, above its switch at 01:00.0"))
    }

    @Test func `that carry as much or more are not named`() {
        let full = PCILink(speed: 3200, width: 16, maxSpeed: 3200, maxWidth: 16)
        #expect(bottleneck(inventory(card: full)) == nil)
        // The link of the device itself is the narrowest.
        let inner = PCILink(speed: 3200, width: 4, maxSpeed: 3200, maxWidth: 4)
        #expect(bottleneck(inventory(card: full, inner: inner)) == nil)
    }

    @Test func `that are slow because nothing goes over them are no bottleneck`() {
        let idle = PCILink(speed: 250, width: 16, maxSpeed: 3200, maxWidth: 16)
        let inventory = inventory(card: idle)
        #expect(bottleneck(inventory) == nil)
        #expect(!Doctor.examine(inventory).checks.contains { $0.code == "narrow-link" })
        #expect(inventory.detailFindings.allSatisfy { $0.severity == .note })
    }

    @Test func `of a slot that can do no more are named, and no fault`() {
        let slot = PCILink(speed: 1600, width: 8, maxSpeed: 1600, maxWidth: 8)
        let inventory = inventory(card: slot)
        #expect(bottleneck(inventory)?.port == SampleHost.address("01:00.0"))
        #expect(inventory.detailFindings.isEmpty)
        #expect(!Doctor.examine(inventory).checks.contains { $0.code == "narrow-link" })
    }
}

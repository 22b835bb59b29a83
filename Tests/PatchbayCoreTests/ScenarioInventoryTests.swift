import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `An inventory of a scenario` {
    private static let a = PCIAddress(domain: 0, bus: 1, slot: 0, function: 0)!
    private static let b = PCIAddress(domain: 0, bus: 1, slot: 0, function: 1)!
    private static let c = PCIAddress(domain: 0, bus: 2, slot: 0, function: 0)!

    /// Two functions in group 0, one in group 7.
    private static let inventory = Inventory(
        host: HostFacts(name: "atlas"), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
        functions: [function(a, 0), function(b, 0), function(c, 7)],
        groups: [
            IOMMUGroup(id: IOMMUGroupID(0), members: [a, b]), IOMMUGroup(id: IOMMUGroupID(7), members: [c]),
        ])

    private static func function(_ address: PCIAddress, _ group: Int) -> PCIFunction {
        PCIFunction(
            address: address, id: PCIID(vendor: 1, device: 2), deviceClass: PCIClass(0x030000),
            iommuGroup: IOMMUGroupID(group))
    }

    @Test func `misses a device, and its group with the last of it`() {
        let without = Self.inventory.without(Self.c.key)
        #expect(without.functions.map(\.address) == [Self.a, Self.b])
        #expect(without.groups.map(\.id.rawValue) == [0])
        #expect(Self.inventory.without(Self.a.key).unit(of: Self.b)?.members == [Self.b.key])
    }

    @Test func `has groups joined, as the kernel would number and list them`() {
        let joined = Self.inventory.joiningGroups(of: [Self.c, Self.a])
        #expect(joined.groups == [IOMMUGroup(id: IOMMUGroupID(0), members: [Self.a, Self.b, Self.c])])
        #expect(joined.functions.allSatisfy { $0.iommuGroup == IOMMUGroupID(0) })
        #expect(Self.inventory.joiningGroups(of: [Self.a, Self.b]) == Self.inventory)
    }

    @Test func `has a group split, and joined again it is as before`() {
        let split = Self.inventory.splittingGroup(of: Self.b)
        #expect(split.groups.map(\.members) == [[Self.b], [Self.c], [Self.a]])
        for address in [Self.a, Self.b, Self.c] { #expect(split.unit(of: address)?.members == [address.key]) }
        #expect(split.joiningGroups(of: [Self.a, Self.b]) == Self.inventory)
        #expect(Self.inventory.splittingGroup(of: Self.c) == Self.inventory)
    }
}

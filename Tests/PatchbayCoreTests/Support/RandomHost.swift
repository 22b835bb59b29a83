import PatchbayCore

/// A made-up host of some dozens of functions: groups of all shapes, host uses, drivers and overrides of all kinds, VMs
/// that hold something. Everything follows from the seed.
struct RandomHost: CustomStringConvertible {
    let seed: UInt64
    private(set) var inventory: Inventory
    private(set) var usage: Usage
    private var random: SeededGenerator

    var description: String { "seed \(seed)" }

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        inventory = Self.inventory(&random)
        usage = Usage()
        usage = makeUsage()
    }

    private static func inventory(_ random: inout SeededGenerator) -> Inventory {
        var functions: [PCIFunction] = []
        var groups: [IOMMUGroup] = []
        var uses: [DeviceKey: [HostUse]] = [:]
        for group in 0..<Int.random(in: 4...16, using: &random) {
            var members: [PCIAddress] = []
            for index in 0..<random.pick([1, 1, 1, 2, 2, 4]) {
                let address = PCIAddress(
                    domain: random.chance(10) ? 0x10000 : 0, bus: UInt8(group * 3), slot: UInt8(index / 8),
                    function: UInt8(index % 8))!
                let function = function(address, group: group, &random)
                functions.append(function)
                if function.iommuGroup != nil { members.append(address) }
                if random.chance(15) {
                    uses[address] = [
                        HostUse(
                            random.pick(HostUse.Reason.allCases), random.chance(60) ? .critical : .inUse,
                            chain: ["/", "disk", address.description])
                    ]
                }
            }
            if !members.isEmpty { groups.append(IOMMUGroup(id: IOMMUGroupID(group), members: members.sorted())) }
        }
        let readiness = Readiness(
            iommu: random.chance(95) ? .active : random.pick(Readiness.IOMMU.allCases), vfioLoaded: random.chance(50),
            vfioAvailable: random.chance(95) ? true : random.pick([nil, false]))
        return Inventory(
            host: HostFacts(name: "random"), readiness: readiness, functions: functions, groups: groups, hostUses: uses)
    }

    private static func function(
        _ address: PCIAddress, group: Int, _ random: inout SeededGenerator
    ) -> PCIFunction {
        let driver: String? = random.pick([nil, "nvidia", "ice", "nvme", "snd_hda_intel", "vfio-pci", "mlx5_vfio_pci"])
        return PCIFunction(
            address: address, id: PCIID(vendor: random.pick([0x10de, 0x8086]), device: random.pick([1, 2, 3])),
            deviceClass: PCIClass(random.pick([0x030200, 0x020000, 0x010802, 0x040300])), driver: driver,
            driverOverride: random.chance(70) ? nil : random.pick(["vfio-pci", "nvidia", "other"]),
            iommuGroup: random.chance(95) ? IOMMUGroupID(group) : nil,
            role: random.chance(90) ? .plain : .physical(total: 8, active: random.pick([0, 2]), virtualFunctions: []),
            headerType: random.chance(10) ? 1 : 0, resetMethods: random.pick([nil, [], ["flr"]]))
    }

    private mutating func makeUsage() -> Usage {
        var usage = Usage()
        usage.pools = ["a", "b", "c"].map { name in
            let vendor = random.pick(["10de", "8086"])
            var conditions = [Condition(.vendor, .equal, vendor)]
            if random.chance(40) { conditions.append(Condition(.device, .equal, random.pick(["0001", "0002"]))) }
            return Pool(name: name, rules: [Rule(name: "only", conditions: conditions)])
        }
        for (number, function) in inventory.functions.enumerated() where random.chance(15) {
            let unit = inventory.unit(of: function.address)!
            guard unit.members.allSatisfy({ usage.allocations[$0] == nil }) else { continue }
            let (claim, vm) = ("c\(number)", "vm\(number)")
            usage.claims[claim] = Claim(
                id: claim, owner: .vm(vm), requests: [],
                state: random.pick([Claim.State.allocated, Claim.State.attached, Claim.State.releasing])(
                    ClaimDecision(host: "random", units: [AllocatedUnit(request: "r", pool: nil, unit: unit)])))
            for member in unit.members {
                usage.allocations[member] = Allocation(claim: claim, owner: .vm(vm), primary: unit.primary)
            }
        }
        let foreign = inventory.functions.map(\.key).filter { _ in random.chance(5) }
        usage.domains = [
            Domain(name: "foreign", uuid: "f", state: .running, liveDevices: foreign, definedDevices: foreign),
            Domain(
                name: "off", uuid: "o", state: .shutOff,
                definedDevices: inventory.functions.map(\.key).filter { _ in random.chance(5) }),
        ]
        return usage
    }

    /// Wishes for pools and exact devices, some of them too many.
    mutating func requests() -> [Request] {
        (0..<Int.random(in: 1...4, using: &random)).map { number in
            let isExact = random.chance(30)
            let target: Request.Target =
                isExact
                ? .device(DeviceID(host: "random", key: random.pick(inventory.functions).key))
                : .pool(random.pick(["a", "b", "c"]))
            return Request(name: "r\(number)", target: target, count: isExact ? 1 : random.pick([1, 1, 2, 3]))
        }
    }
}

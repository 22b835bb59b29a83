import PatchbayCore

/// A made-up machine: sockets with nodes, cores with siblings, memory alone, hugepages, isolated CPUs.
struct RandomTopology {
    var platform: HostPlatform
    var settings: HostSettings
    var random: SeededGenerator

    /// - Parameter mostNodes: at least 1.
    init(seed: UInt64, mostNodes: Int) {
        var random = SeededGenerator(seed: seed)
        let perSocket = random.pick([1, 1, 2, 4])
        let nodes = Int.random(in: 1...mostNodes, using: &random)
        let threads = random.pick([1, 2, 2, 2, 4])
        let cores = Int.random(in: 1...8, using: &random)
        let areSiblingsApart = random.chance(50)
        let tellsSiblings = random.chance(95)
        let ids = (0..<nodes).map { NUMANode($0) }
        var cells: [NUMACell] = []
        for index in 0..<nodes {
            let hasCPUs = index == 0 || random.chance(90)
            let own = (0..<(hasCPUs ? cores : 0)).map { core in
                (0..<threads).map {
                    let number = index * cores + core
                    return areSiblingsApart ? number + $0 * nodes * cores : number * threads + $0
                }
            }
            let memory = random.pick([nil, 4096, 16384, 65536, 262_144] + [8192, 32768])
            cells.append(
                NUMACell(
                    node: ids[index], cpus: own.flatMap(\.self).sorted(), cores: tellsSiblings ? own : [],
                    sockets: hasCPUs ? [index / perSocket] : [], memoryMiB: memory, freeMiB: memory.map { $0 / 3 },
                    hugepages: Self.hugepages(of: memory ?? 0, &random),
                    distances: ids.indices.map { $0 == index ? 10 : $0 / perSocket == index / perSocket ? 12 : 32 }))
        }
        var cpu = CPULayout(threads: cells.reduce(0) { $0 + $1.cpus.count })
        if random.chance(25) { cpu.isolated = cells.flatMap { $0.cpus.dropFirst(threads) }.sorted() }
        platform = HostPlatform(numaCells: cells, cpu: cpu)
        settings = HostSettings(isPinned: random.chance(85))
        self.random = random
    }

    private static func hugepages(of memory: Int, _ random: inout SeededGenerator) -> [HugepagePool] {
        guard random.chance(60) else { return [] }
        let (small, large) = (Int.random(in: 0...memory / 8, using: &random), random.pick([0, memory / 4096]))
        return [
            HugepagePool(sizeKiB: 2048, total: small, free: small),
            HugepagePool(sizeKiB: 1 << 20, total: large, free: large),
        ]
    }

    func room(_ seats: [String: GuestSeat] = [:]) -> HostRoom {
        HostRoom(host: "atlas", platform: platform, settings: settings, seats: seats)
    }

    mutating func needs() -> GuestNeeds {
        let page = random.pick([nil, nil, nil, 2048, 1 << 20] as [Int?])
        let memory =
            page == 1 << 20 ? 1024 * Int.random(in: 1...8, using: &random) : random.pick([64, 512, 2048, 6000])
        return GuestNeeds(
            vcpus: Int.random(in: 1...12, using: &random), memoryMiB: memory, pin: random.pick(PinPolicy.allCases),
            hugepageKiB: page, cells: random.chance(40) ? Int.random(in: 1...4, using: &random) : nil)
    }

    mutating func devices() -> [NUMANode: Int] {
        var devices: [NUMANode: Int] = [:]
        for cell in platform.numaCells where random.chance(40) {
            devices[cell.node] = Int.random(in: 1...8, using: &random)
        }
        return devices
    }
}

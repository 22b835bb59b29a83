import PatchbayCore
import PatchbayTesting
import Testing

/// Guests come and go on made-up machines. The seed that a failure prints makes the same machine again.
@Suite struct `Seats on made-up machines` {
    @Test(.requirements("O33", "OX5", "OX6"), arguments: 0..<130 as Range<UInt64>)
    func `never give a CPU or memory twice, and are given back whole`(_ seed: UInt64) throws {
        var topology = RandomTopology(seed: seed, mostNodes: 8)
        var room = topology.room()
        var seats: [String: GuestSeat] = [:]
        for step in 0..<80 {
            if topology.random.chance(30), let name = seats.keys.sorted().randomElement(using: &topology.random) {
                let seat = seats.removeValue(forKey: name)
                room.giveBack(try #require(seat))
            } else {
                let needs = topology.needs()
                for set in room.nodeChoices(needs, near: topology.devices()).prefix(1) where needs.hasCells {
                    let before = room
                    let seat = try #require(room.seat(needs, on: set), "seed \(seed), step \(step)")
                    expectSound(seat, for: needs, on: set, in: room)
                    room.take(seat)
                    var after = room
                    after.giveBack(seat)
                    #expect(after == before, "release restores room")
                    seats["vm-\(step)"] = seat
                }
            }
            #expect(room == topology.room(seats), "seed \(seed), step \(step): the books agree")
            expectNobodyShares(seats.values.map(\.self), on: topology.platform)
            let isWithin = room.nodes.allSatisfy {
                ($0.freeMiB ?? 0) >= 0 && $0.freePages.values.allSatisfy { $0 >= 0 }
            }
            #expect(isWithin, "seed \(seed), step \(step): memory is given twice")
        }
    }

    /// A seat is what was asked for.
    private func expectSound(_ seat: GuestSeat, for needs: GuestNeeds, on set: [NUMANode], in room: HostRoom) {
        #expect(seat.cells.map(\.node) == set && seat.pin == needs.pin && seat.hugepageKiB == needs.hugepageKiB)
        #expect(seat.cells.flatMap(\.vcpus) == Array(0..<needs.vcpus))
        #expect(seat.cells.reduce(0) { $0 + $1.memoryMiB } == needs.memoryMiB)
        let counts = seat.cells.map(\.vcpus.count)
        #expect(counts.max()! - counts.min()! <= 1 && counts.min()! > 0)
        let memory = seat.cells.map(\.memoryMiB)
        #expect(memory.max()! - memory.min()! <= max(1, (needs.hugepageKiB ?? 0) / 1024) && memory.min()! > 0)
        if let size = needs.hugepageKiB { #expect(memory.allSatisfy { $0 * 1024 % size == 0 }) }
        for cell in seat.cells {
            let own = room[cell.node]?.cpus ?? []
            #expect(cell.cpus.allSatisfy(own.contains))
            switch needs.pin {
            case .none: #expect(cell.cpus.isEmpty)
            case .shared: #expect(!cell.cpus.isEmpty)
            case .thread, .core: #expect(Set(cell.cpus).count == cell.vcpus.count)
            }
        }
        #expect(room.seat(needs, on: set) == seat, "the same again")
    }

    /// Independent of the room's own books.
    private func expectNobodyShares(_ seats: [GuestSeat], on platform: HostPlatform) {
        let dedicated = seats.flatMap(\.dedicatedCPUs)
        #expect(Set(dedicated).count == dedicated.count, "a CPU is given twice")
        for seat in seats where seat.pin == .core {
            let others = Set(seats.filter { $0 != seat }.flatMap { $0.cells.flatMap(\.cpus) + $0.dedicatedCPUs })
            let own = Set(seat.dedicatedCPUs)
            for core in platform.numaCells.flatMap(\.cores) where !own.isDisjoint(with: core) {
                #expect(own.isSuperset(of: core) && others.isDisjoint(with: core), "core \(core) is shared")
                #expect(seat.cells.flatMap(\.cpus).filter(core.contains).count == 1)
            }
        }
        for seat in seats where !seat.pin.isDedicated {
            #expect(Set(dedicated).isDisjoint(with: seat.cells.flatMap(\.cpus)))
        }
    }

    @Test(.requirements("O34"), arguments: 0..<150 as Range<UInt64>)
    func `are found where there are any, and refused with a reason where there are none`(_ seed: UInt64) throws {
        var topology = RandomTopology(seed: seed, mostNodes: 5)
        var room = topology.room()
        for step in 0..<40 {
            let needs = topology.needs()
            let choices = Array(room.nodeChoices(needs, near: topology.devices()))
            let reason = room.fits(needs)
            #expect(choices.isEmpty == (reason != nil), "seed \(seed), step \(step), \(needs)")
            if let reason { #expect(reason.sentence.hasSuffix(".") && reason.sentence.count > 10) }
            if needs.pin.isDedicated && !topology.settings.isPinned { #expect(reason?.code == .notPinned) }
            guard needs.hasCells else {
                #expect(choices == (reason == nil ? [[]] : []))
                continue
            }
            let sets = Self.subsets(topology.platform.numaCells.map(\.node)).filter { !$0.isEmpty }
            let able = Set(sets.filter { room.seat(needs, on: $0) != nil })
            #expect(Set(choices) == able, "seed \(seed), step \(step), \(needs)")
            let unexplained = sets.filter { able.contains($0) == (room.reason(for: needs, on: $0) != nil) }
            #expect(unexplained.isEmpty, "seed \(seed), step \(step), \(needs)")
            #expect(Set(choices).count == choices.count)
            #expect(choices.map(\.count) == choices.map(\.count).sorted(), "fewer cells first")
            if let first = choices.first, let seat = room.seat(needs, on: first) { room.take(seat) }
        }
    }

    @Test(arguments: 1000..<1030 as Range<UInt64>)
    func `are looked for on few sets of many nodes, and found all the same`(_ seed: UInt64) throws {
        var topology = RandomTopology(seed: seed, mostNodes: 40)
        let room = topology.room()
        for _ in 0..<10 {
            var needs = topology.needs()
            needs.vcpus *= Int.random(in: 1...12, using: &topology.random)
            let devices = topology.devices()
            let choices = Array(room.nodeChoices(needs, near: devices))
            #expect(choices.count <= NodeChoices.most)
            #expect(choices.isEmpty == (room.fits(needs) != nil), "seed \(seed), \(needs)")
            #expect(Set(choices).count == choices.count)
            #expect(Array(room.nodeChoices(needs, near: devices)) == choices)
            guard needs.hasCells else { continue }
            #expect(choices.allSatisfy { room.seat(needs, on: $0) != nil }, "seed \(seed), \(needs)")
        }
    }

    private static func subsets(_ nodes: [NUMANode]) -> [[NUMANode]] {
        guard let first = nodes.first else { return [[]] }
        let rest = subsets(Array(nodes.dropFirst()))
        return rest.map { [first] + $0 } + rest
    }
}

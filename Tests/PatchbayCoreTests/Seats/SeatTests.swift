import PatchbayCore
import PatchbayTesting
import Testing

/// Machines in a few words: every node alike.
enum SeatHost {
    /// CPUs are numbered as Linux does on x86: first one thread of every core, then the siblings.
    static func platform(
        nodes: Int = 2, perSocket: Int = 1, cores: Int = 4, threads: Int = 2, memoryMiB: Int = 16384,
        gigabytePages: Int = 0, isolated: [Int] = []
    ) -> HostPlatform {
        let cells = (0..<nodes).map { node in
            let own = (0..<cores).map { core in
                (0..<threads).map { node * cores + core + $0 * nodes * cores }
            }
            return NUMACell(
                node: NUMANode(node), cpus: own.flatMap(\.self).sorted(), cores: own, sockets: [node / perSocket],
                memoryMiB: memoryMiB,
                hugepages: gigabytePages == 0
                    ? [] : [HugepagePool(sizeKiB: 1 << 20, total: gigabytePages, free: gigabytePages)],
                distances: (0..<nodes).map { $0 == node ? 10 : $0 / perSocket == node / perSocket ? 11 : 21 })
        }
        return HostPlatform(
            numaCells: cells, cpu: CPULayout(threads: nodes * cores * threads, isolated: isolated))
    }

    static func room(
        _ platform: HostPlatform? = platform(), pinned: Bool = true, domains: [Domain] = [],
        seats: [String: GuestSeat] = [:], floating: [String: GuestNeeds] = [:]
    ) -> HostRoom {
        HostRoom(
            host: "atlas", platform: platform, settings: HostSettings(isPinned: pinned), domains: domains, seats: seats,
            floating: floating)
    }

    static func domain(_ name: String, memoryMiB: Int, vcpus: Int = 1, _ state: Domain.State = .running) -> Domain {
        Domain(name: name, uuid: name, state: state, vcpus: vcpus, memoryMiB: memoryMiB)
    }
}

@Suite struct `A guest's seat` {
    private let node0 = [NUMANode(0)]
    private let both = [NUMANode(0), NUMANode(1)]

    @Test(.requirements("OX5")) func `with policy core has whole cores, siblings idle`() throws {
        let seat = try #require(
            SeatHost.room().seat(GuestNeeds(vcpus: 3, memoryMiB: 1001, pin: .core), on: both))
        #expect(
            seat
                == GuestSeat(
                    pin: .core,
                    cells: [
                        GuestSeat.Cell(node: NUMANode(0), vcpus: [0, 1], memoryMiB: 501, cpus: [0, 1]),
                        GuestSeat.Cell(node: NUMANode(1), vcpus: [2], memoryMiB: 500, cpus: [4]),
                    ], dedicatedCPUs: [0, 1, 4, 8, 9, 12]))
    }

    @Test(.requirements("OX5")) func `with policy thread fills cores, so that neighbours are siblings`() throws {
        let room = SeatHost.room()
        let even = try #require(room.seat(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .thread), on: node0))
        #expect(even.cells[0].cpus == [0, 8, 1, 9] && even.dedicatedCPUs == [0, 1, 8, 9] && even.threads == 2)
        let odd = try #require(room.seat(GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .thread), on: node0))
        #expect(odd.cells[0].cpus == [0, 8, 1] && odd.dedicatedCPUs == [0, 1, 8] && odd.threads == 1)
        var crowded = room
        crowded.take(odd)
        let next = try #require(crowded.seat(GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .thread), on: node0))
        #expect(next.cells[0].cpus == [2, 10, 9], "a whole core, then the half that is left")
        let core = GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .core)
        #expect(
            crowded.reason(for: core, on: node0)
                == Reason(.processors, "NUMA node 0 has 2 whole cores left; 3 are requested."))
    }

    @Test(.requirements("OX5")) func `with policy shared may be on every CPU of its nodes that is nobody's own`() throws
    {
        var room = SeatHost.room()
        room.take(try #require(room.seat(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .core), on: node0)))
        let needs = GuestNeeds(vcpus: 2, memoryMiB: 64, pin: .shared)
        let seat = try #require(room.seat(needs, on: node0))
        #expect(seat.cells[0].cpus == [1, 2, 3, 9, 10, 11] && seat.dedicatedCPUs.isEmpty)
        room.take(seat)
        #expect(room.seat(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .thread), on: node0) == nil, "they are shared now")
        room.giveBack(seat)
        #expect(room.seat(GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .core), on: node0) != nil)
    }

    @Test(.requirements("O34")) func `of its own is given on hosts that are marked for it only`() {
        let room = SeatHost.room(pinned: false)
        for pin in [PinPolicy.core, .thread] {
            let reason = room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: pin))
            #expect(
                reason
                    == Reason(
                        .notPinned, "atlas is not set to pinned, so its CPUs cannot be dedicated to guests."))
        }
        #expect(room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .shared)) == nil)
        #expect(room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64)) == nil)
        #expect(
            SeatHost.room().fits(GuestNeeds(vcpus: 1, memoryMiB: 64))?.code == .processors, "it would run on others'")
    }

    @Test(.requirements("OX5")) func `of its own is on isolated CPUs where there are some; others keep off them`()
        throws
    {
        let room = SeatHost.room(SeatHost.platform(isolated: [2, 3, 10, 11]))
        let seat = try #require(room.seat(GuestNeeds(vcpus: 2, memoryMiB: 64, pin: .core), on: node0))
        #expect(seat.cells[0].cpus == [2, 3])
        #expect(room.fits(GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .core))?.code == .processors)
        #expect(room.seat(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .shared), on: node0)?.cells[0].cpus == [0, 1, 8, 9])
        #expect(room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64)) == nil, "it floats over the others")
    }

    @Test func `has hugepages of its nodes, in whole pages`() throws {
        let room = SeatHost.room(SeatHost.platform(gigabytePages: 4), pinned: false)
        let needs = { GuestNeeds(vcpus: 2, memoryMiB: $0, hugepageKiB: 1 << 20) }
        let seat = try #require(room.seat(needs(5 * 1024), on: both))
        #expect(seat.cells.map(\.memoryMiB) == [3072, 2048] && seat.cells.allSatisfy(\.cpus.isEmpty))
        var taken = room
        taken.take(seat)
        #expect(
            taken[NUMANode(0)]?.freePages == [1 << 20: 1] && taken[NUMANode(0)]?.freeMiB == room[NUMANode(0)]?.freeMiB)
        #expect(
            taken.reason(for: needs(2048), on: node0)
                == Reason(.hugepages, "NUMA node 0 has 1 page of 1 GiB left; 2 are requested."))
        #expect(room.fits(needs(1500)) == Reason(.hugepages, "1500 MiB is not a multiple of the page size 1 GiB."))
        #expect(room.fits(needs(9 * 1024)) == Reason(.hugepages, "atlas has 8 pages of 1 GiB left; 9 are requested."))
        #expect(
            room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, hugepageKiB: 2048))?.code == .hugepages, "none of that size")
    }
}

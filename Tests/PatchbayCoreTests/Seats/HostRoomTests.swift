import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `What a host has left for guests` {
    private let node0 = [NUMANode(0)]

    @Test func `is its memory without hugepages and without a reserve`() {
        let room = SeatHost.room(SeatHost.platform(memoryMiB: 32768, gigabytePages: 4))
        #expect(room.nodes.map(\.freeMiB) == [32768 - 4096 - 1024, 32768 - 4096 - 1024])
        #expect(HostRoom.reserve(ofMiB: 2048) == 128 && HostRoom.reserve(ofMiB: 1 << 20) == 1024)
    }

    @Test func `is less by guests that run, once each, and by those about to`() throws {
        let seat = GuestSeat(
            pin: .none, cells: [GuestSeat.Cell(node: NUMANode(1), vcpus: [0], memoryMiB: 4000, cpus: [])])
        let room = SeatHost.room(
            SeatHost.platform(isolated: [15]),
            domains: [
                SeatHost.domain("seated", memoryMiB: 4000), SeatHost.domain("adopted", memoryMiB: 1000),
                SeatHost.domain("starting", memoryMiB: 500), SeatHost.domain("off", memoryMiB: 9000, .shutOff),
            ], seats: ["seated": seat],
            floating: [
                "starting": GuestNeeds(vcpus: 1, memoryMiB: 500), "queued": GuestNeeds(vcpus: 1, memoryMiB: 250),
            ])
        #expect(room.freeMiB == 2 * (16384 - 1024) - 4000 - 1000 - 500 - 250)
        #expect(room[NUMANode(1)]?.freeMiB == 16384 - 1024 - 4000)
        #expect(
            room.fits(GuestNeeds(vcpus: 1, memoryMiB: 25000))
                == Reason(.memory, "atlas has 24970 MiB left for guests; 25000 MiB are requested."))
        #expect(room.fits(GuestNeeds(vcpus: 1, memoryMiB: 24970)) == nil)
        #expect(
            room.reason(for: GuestNeeds(vcpus: 1, memoryMiB: 12000, pin: .shared), on: [NUMANode(1)])
                == Reason(.memory, "NUMA node 1 has 11360 MiB left for guests; 12000 MiB are requested."))
    }

    @Test func `does not count pages that others use, nor their memory twice`() {
        var platform = SeatHost.platform(gigabytePages: 8)
        platform.numaCells[0].hugepages[0].free = 2
        let seat = GuestSeat(
            pin: .none, hugepageKiB: 1 << 20,
            cells: [GuestSeat.Cell(node: NUMANode(0), vcpus: [0], memoryMiB: 2048, cpus: [])])
        let domains = [SeatHost.domain("ours", memoryMiB: 2048), SeatHost.domain("adopted", memoryMiB: 4096)]
        let room = SeatHost.room(platform, pinned: false, domains: domains, seats: ["ours": seat])
        #expect(room[NUMANode(0)]?.freePages == [1 << 20: 2], "6 are in use: 2 ours, 4 of the adopted one")
        #expect(room.freeMiB == 2 * (16384 - 8192 - 1024), "the adopted one's memory is those pages")
    }

    @Test func `is each core once, and no core without CPUs`() throws {
        var platform = SeatHost.platform(nodes: 1)
        platform.numaCells[0].cores = [[]] + platform.numaCells[0].cores + [[0, 4], [4], []]
        let room = SeatHost.room(platform)
        #expect(room.nodes == SeatHost.room(SeatHost.platform(nodes: 1)).nodes)
        #expect(room.seat(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .core), on: node0)?.dedicatedCPUs == [0, 4])
    }

    @Test func `is memory near CPUs only: what is a GPU's goes away with it`() {
        var platform = SeatHost.platform(nodes: 1)
        platform.numaCells.append(NUMACell(node: NUMANode(8), memoryMiB: 98304, distances: [80, 10]))
        let room = SeatHost.room(platform, pinned: false)
        #expect(room.freeMiB == 16384 - 1024)
        #expect(
            room.reason(for: GuestNeeds(vcpus: 1, memoryMiB: 64, cells: 1), on: [NUMANode(8)])
                == Reason(.cells, "atlas has no NUMA node 8 with CPUs."))
        #expect(
            room.fits(GuestNeeds(vcpus: 2, memoryMiB: 64, cells: 2))
                == Reason(.cells, "atlas has 1 NUMA node with CPUs; 2 cells are requested."))
    }

    @Test func `of a host that tells nothing is not known`() {
        for platform in [nil, HostPlatform()] {
            let room = SeatHost.room(platform, pinned: false)
            #expect(!room.isKnown && room.freeMiB == nil)
            #expect(room.fits(GuestNeeds(vcpus: 512, memoryMiB: 1 << 24)) == nil, "nobody can tell")
            #expect(
                room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, cells: 1))
                    == Reason(.cells, "atlas does not report its NUMA nodes."))
            #expect(Array(room.nodeChoices(GuestNeeds(vcpus: 1, memoryMiB: 64), near: [:])) == [[]])
        }
    }

    @Test(.requirements("OX6")) func `is so many shared CPUs, and no more than there are where they are a guest's own`()
    {
        let needs = { GuestNeeds(vcpus: $0, memoryMiB: 64) }
        let room = SeatHost.room(pinned: false, domains: [SeatHost.domain("busy", memoryMiB: 64, vcpus: 200)])
        #expect(room.fits(needs(16 * HostRoom.overcommit - 200)) == nil)
        #expect(
            room.fits(needs(57))
                == Reason(.processors, "atlas has 56 of 256 shared vCPU left; 57 are requested."))
        let pinned = SeatHost.room()
        #expect(pinned.fits(GuestNeeds(vcpus: 16, memoryMiB: 64, pin: .thread)) == nil)
        #expect(
            pinned.fits(GuestNeeds(vcpus: 17, memoryMiB: 64, pin: .thread))
                == Reason(.processors, "atlas has 16 hardware threads left; 17 are requested."))
    }

    @Test func `cannot be whole cores where the kernel does not tell siblings`() {
        var platform = SeatHost.platform()
        for index in platform.numaCells.indices { platform.numaCells[index].cores = [] }
        let room = SeatHost.room(platform)
        #expect(
            room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .core))
                == Reason(.processors, "The kernel does not report which CPUs of atlas share a core."))
        #expect(room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .thread)) == nil)
    }

    @Test func `has to be even: enough in all is not enough`() throws {
        var room = SeatHost.room()
        room.take(try #require(room.seat(GuestNeeds(vcpus: 3, memoryMiB: 64, pin: .core), on: node0)))
        #expect(
            room.fits(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .core, cells: 2))
                == Reason(.cells, "atlas has enough CPUs and memory, but not evenly on 2 NUMA nodes."))
        #expect(
            room.fits(GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .core, cells: 2))
                == Reason(.cells, "1 vCPU and 64 MiB cannot be divided among 2 NUMA cells."))
        #expect(room.fits(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .core)) == nil, "all on node 1")
    }

    @Test func `is what the claims of the inventory's host have left`() throws {
        let seat = try #require(
            SeatHost.room().seat(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .core), on: node0))
        let claims = ["atlas", "borg"].map { host in
            Claim(
                id: host, owner: .vm("vm-on-\(host)"), requests: [],
                state: .attached(ClaimDecision(host: host, units: [], seat: seat)))
        }
        let inventory = Inventory(
            host: HostFacts(name: "atlas"), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
            functions: [], groups: [], survey: HostSurvey(platform: SeatHost.platform())
        )
        let room = HostRoom(inventory, settings: HostSettings(isPinned: true), domains: [], claims: claims)
        #expect(room.reason(for: GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .thread), on: node0)?.code == .processors)
        #expect(room.fits(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .core)) == nil, "node 1 is free")
    }
}

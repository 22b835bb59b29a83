import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `Capacity` {
    /// Eight cards on two nodes; those of a node sit below two switches.
    private static let eight = StockSample(
        (0..<8).map { .card(node: $0 / 4, below: "port \($0 / 2)") }, sockets: [[0], [1]])

    private static func fleet(held: [UnitSet]) -> FleetIndex {
        var index = FleetIndex()
        for (number, units) in held.enumerated() {
            var standing = eight.standing()
            standing.held = units
            index.set("h\(number)", standing)
        }
        return index
    }

    private static func wish(_ count: Int, _ guest: GuestNeeds? = nil) -> PlacementWish {
        PlacementWish(
            requests: [Request(name: "g", target: .pool("all"), count: count, numa: .preferred)], guest: guest)
    }

    @Test func `counts what fits on one host, one node and one switch, and what is left over`() throws {
        // One of each pair is taken on h0, nothing on h1, h2 is full.
        let index = Self.fleet(held: [[0, 2, 4, 6], [], UnitSet(below: 8)])
        let capacity = try #require(index.capacities(of: ["all", "none"]).first)
        #expect(capacity.lendable == 24 && capacity.free == 12 && capacity.largest == 8)
        #expect(
            capacity.hosts == [.init(free: 0, hosts: 1), .init(free: 4, hosts: 1), .init(free: 8, hosts: 1)])
        #expect(
            capacity.sizes == [
                .init(size: 1, fit: 12, onOneNode: 12, onOneSwitch: 12, whenEmpty: 24),
                .init(size: 2, fit: 6, onOneNode: 6, onOneSwitch: 4, whenEmpty: 12),
                .init(size: 4, fit: 3, onOneNode: 2, onOneSwitch: 0, whenEmpty: 6),
                .init(size: 8, fit: 1, onOneNode: 0, onOneSwitch: 0, whenEmpty: 3),
            ])
        #expect(capacity.sizes.map(capacity.stranded) == [0, 0, 0, 4])
        #expect(index.capacities(of: ["none"]) == [PoolCapacity(pool: "none")])
    }

    @Test(arguments: 1...8) func `is what is served when it is asked for again and again`(_ size: Int) throws {
        let index = Self.fleet(held: [[0, 2, 4, 6], [], [1], UnitSet(below: 7)])
        let fit = index.capacities(of: ["all"])[0].sizes.first { $0.size == size }?.fit
        var rest = index
        let hosts = rest.fill(with: Self.wish(size), atMost: 100)
        if let fit { #expect(hosts.count == fit) }
        #expect(throws: NoPlace.self) { try rest.place(Self.wish(size)) }
        #expect(rest.capacities(of: ["all"])[0].free == 20 - size * hosts.count)
    }

    @Test func `leaves closed hosts out`() {
        var index = Self.fleet(held: [[], []])
        var closed = Self.eight.standing()
        closed.closed = Reason(.cordoned, "It is cordoned.")
        index.set("h0", closed)
        index.set("h1", nil)
        #expect(index.capacities(of: ["all"]) == [PoolCapacity(pool: "all")])
    }

    @Test func `has a largest guest: devices first, then CPUs, then memory`() throws {
        var index = Self.fleet(held: [[0, 1, 2], [0]])
        for host in ["h0", "h1"] {
            var standing = try #require(index[host])
            standing.room = Self.room(vcpus: host == "h0" ? 16 : 4, memoryMiB: 65_536)
            index.set(host, standing)
        }
        let guest = GuestNeeds(vcpus: 1, memoryMiB: 1024, pin: .thread)
        let largest = try #require(index.largest(Self.wish(1, guest)))
        #expect(largest.host == "h1")
        #expect(largest.wish.requests[0].count == 7)
        #expect(largest.wish.guest?.vcpus == 4)
        #expect(largest.wish.guest?.memoryMiB == 64_512)
        let wide = try #require(index.largest(Self.wish(1, GuestNeeds(vcpus: 8, memoryMiB: 1024, pin: .thread))))
        #expect(wide.host == "h0")
        #expect(wide.wish.requests[0].count == 5)
        #expect(wide.wish.guest?.vcpus == 16)
        #expect(index.largest(Self.wish(8, guest)) == nil)
    }

    private static func room(vcpus: Int, memoryMiB: Int) -> HostRoom {
        let cell = NUMACell(
            node: NUMANode(0), cpus: Array(0..<vcpus), cores: (0..<vcpus).map { [$0] }, sockets: [0],
            memoryMiB: memoryMiB, distances: [10])
        return HostRoom(
            host: "", platform: HostPlatform(numaCells: [cell], cpu: CPULayout(threads: vcpus)),
            settings: HostSettings(isPinned: true))
    }
}

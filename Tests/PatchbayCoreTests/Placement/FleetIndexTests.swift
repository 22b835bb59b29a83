import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `A fleet's index` {
    private let two = StockSample([.card(node: 0), .card(node: 0)])
    private let four = StockSample([.card(node: 0), .card(node: 0), .card(node: 1), .card(node: 1)])

    private var fleet: FleetIndex {
        var index = FleetIndex()
        index.set("small", two.standing(["zone": "a"]))
        index.set("large", four.standing())
        index.set("large-2", four.standing())
        return index
    }

    private func wish(_ count: Int, _ strategy: PlacementStrategy = .pack) -> PlacementWish {
        PlacementWish(requests: [Request(name: "g", target: .pool("all"), count: count)], strategy: strategy)
    }

    private func host(_ wish: PlacementWish, _ index: FleetIndex) -> String? { (try? index.place(wish))?.host }

    @Test func `packs, or spreads, and then goes by name`() {
        #expect(host(wish(1), fleet) == "small")
        #expect(host(wish(1, .spread), fleet) == "large")
        #expect(host(wish(3), fleet) == "large")
        #expect(host(wish(5), fleet) == nil)
    }

    @Test func `follows what is taken and given back`() throws {
        var index = fleet
        let first = try index.place(wish(4))
        let taken = first.placement.units.flatMap(\.unit.members)
        index.setHeld(taken, on: first.host, true)
        #expect(host(wish(4), index) == "large-2")
        index.setHeld(taken, on: first.host, false)
        #expect(host(wish(4), index) == "large")
    }

    @Test func `tells what would fit if nobody held anything`() throws {
        var index = fleet
        for _ in 0..<2 {
            let next = try index.place(wish(3))
            index.setHeld(next.placement.units.flatMap(\.unit.members), on: next.host, true)
        }
        #expect(host(wish(4), index) == nil)
        #expect(index.couldEverPlace(wish(4)))
        #expect(!index.couldEverPlace(wish(5)))
        var elsewhere = wish(4)
        elsewhere.hosts.names = ["small"]
        #expect(!index.couldEverPlace(elsewhere))
        elsewhere.hosts = HostConstraint(labels: ["zone": "a"])
        #expect(!index.couldEverPlace(elsewhere))
        for host in ["large", "large-2"] { index.set(host, nil) }
        #expect(!index.couldEverPlace(wish(4)))
    }

    @Test func `places on the hosts that were named, or that have the labels`() {
        var named = wish(1)
        named.hosts.names = ["large-2"]
        #expect(host(named, fleet) == "large-2")
        var labelled = wish(1, .spread)
        labelled.hosts.labels = ["zone": "a"]
        #expect(host(labelled, fleet) == "small")
        labelled.hosts.labels = ["zone": "b"]
        #expect(host(labelled, fleet) == nil)
    }

    @Test func `leaves out hosts that are cordoned or gone`() {
        var index = fleet
        var closed = two.standing()
        closed.closed = Reason(.cordoned, "It is cordoned.")
        index.set("small", closed)
        #expect(host(wish(1), index) == "large")
        index.set("large", nil)
        #expect(host(wish(1), index) == "large-2")
    }

    @Test func `takes a device by its name wherever it is`() throws {
        let device = DeviceID(host: "large-2", key: StockSample.address(3, 0).key)
        let wish = PlacementWish(requests: [Request(name: "x", target: .device(device))])
        let found = try fleet.place(wish)
        #expect(found.host == "large-2")
        #expect(found.placement.units.map(\.unit.primary) == [device.key])
    }

    @Test(.requirements("N46")) func `asks only hosts that have enough of every pool`() {
        var index = fleet
        let other = HostShape(
            units: four.shape.units,
            pools: ["all": four.shape.pools["all"]!, "nics": PoolStock([.init(tags: [:], units: [3])])])
        index.set("with-nic", HostStanding(shape: other, lendable: UnitSet(below: 4)))
        let both = PlacementWish(requests: [
            Request(name: "g", target: .pool("all"), count: 3), Request(name: "n", target: .pool("nics")),
        ])
        #expect(host(both, index) == "with-nic")
    }

    @Test func `is the same after any past`() {
        var other = FleetIndex()
        for name in ["large-2", "small", "large", "passing"] {
            other.set(name, name == "small" ? two.standing(["zone": "a"]) : four.standing())
        }
        other.set("passing", nil)
        for count in 1...5 { #expect(host(wish(count), other) == host(wish(count), fleet)) }
    }

    @Test func `has one class for hosts that are alike, and a copy that does not change`() {
        var index = FleetIndex()
        for number in 0..<1000 { index.set("host-\(number)", four.standing()) }
        #expect(index.classes.count == 1)
        let copy = index
        index.setHeld([StockSample.address(0, 0).key], on: "host-500", true)
        #expect(index.classes.count == 2)
        #expect(copy.classes.count == 1)
        #expect(copy["host-500"]?.held.isEmpty == true)
    }
}

@Suite struct `Numbers in order` {
    @Test(arguments: 0..<20 as Range<UInt64>) func `are what a sorted array is`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var list = OrderedNumbers()
        var model: [Int] = []
        for _ in 0..<3000 {
            let number = Int.random(in: 0..<2000, using: &random)
            if let index = model.firstIndex(of: number) {
                model.remove(at: index)
                list.remove(number, <)
            } else {
                model.append(number)
                model.sort()
                list.insert(number, <)
            }
        }
        #expect(Array(list) == model)
        #expect(list.first == model.first && list.count == model.count)
    }
}

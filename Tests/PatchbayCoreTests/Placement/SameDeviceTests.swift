import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `A VM and the devices that it had` {
    private static func bay(_ disks: [Int] = [1, 2, 3]) -> Bay {
        Bay { bay in
            for disk in disks { bay.disk("0\(disk):00.0", slot: disk, serial: "S4EVNX0R100\(disk)") }
            for card in 5...6 { bay.graphics("0\(card):00.0", slot: card, function: 0, group: card) }
            bay.key("1-3", serial: "0001A2B3C4", class: 0x08)
            bay.key("1-4", serial: "0001A2B3D5", class: 0x08)
        }
    }

    private static func pools(_ stickiness: Pool.Stickiness) -> [Pool] {
        [
            pool("disks", .pci, stickiness, Condition(.class, .begins, "0108")),
            pool("cards", .pci, stickiness, Condition(.class, .begins, "0300")),
            pool("sticks", .usb, stickiness, Condition(.class, .equal, "08")),
        ]
    }

    private static func pool(_ name: String, _ kind: DeviceKind, _ stickiness: Pool.Stickiness, _ rule: Condition)
        -> Pool
    {
        Pool(name: name, kind: kind, stickiness: stickiness, rules: [Rule(name: "r", conditions: [rule])])
    }

    /// The devices that VM one gets for one request that had some before; nil: it is not started.
    private func given(
        _ pool: String, _ count: Int = 1, had: [String], _ stickiness: Pool.Stickiness = .storage,
        on bay: Bay = bay(), taken: [String] = []
    ) -> [String]? {
        let known = had.map { Self.bay().known("r", $0, pool: pool) }
        var usage = Usage(pools: Self.pools(stickiness))
        usage.known["one"] = known
        for device in taken {
            usage.allocations[Bay.key(device)] = Allocation(claim: "c", owner: .vm("two"), primary: Bay.key(device))
        }
        let view = HostView(inventory: bay.inventory, usage: usage)
        guard case .fits(let units) = view.place([Request(name: "r", target: .pool(pool), count: count)], for: "one")
        else { return nil }
        return units.map(\.unit.primary.short).sorted()
    }

    @Test(.requirements("C3"), arguments: [("disks", "02:00.0"), ("sticks", "usb-1-4")])
    func `gets the same disk or stick again, without anybody saying so`(_ pool: String, _ had: String) {
        #expect(given(pool, had: [had]) == [had])
        #expect(given(pool, had: [had], taken: [had]) == nil)
        #expect(given(pool, had: [had], .preferred, taken: [had])?.count == 1)
        #expect(given(pool, had: [had], .never) != [had], "the first will do")
    }

    @Test(.requirements("C3")) func `gets any card, unless the pool says otherwise`() {
        #expect(given("cards", had: ["06:00.0"]) == ["05:00.0"])
        #expect(given("cards", had: ["06:00.0"], .preferred) == ["06:00.0"])
        #expect(given("cards", had: ["06:00.0"], .preferred, taken: ["06:00.0"]) == ["05:00.0"])
        #expect(given("cards", had: ["06:00.0"], .always, taken: ["06:00.0"]) == nil)
    }

    @Test func `is not started with another disk when its own is gone or is another one`() {
        #expect(given("disks", had: ["02:00.0"], on: Self.bay([1, 3])) == nil)
        let swapped = Bay { $0.disk("02:00.0", slot: 2, serial: "S4EVNX0R9999") }
        #expect(given("disks", had: ["02:00.0"], on: swapped) == nil)
        #expect(given("disks", had: ["02:00.0"], .never, on: swapped) == ["02:00.0"])
        let moved = Bay { $0.disk("09:00.0", slot: 7, serial: "S4EVNX0R1002") }
        #expect(given("disks", had: ["02:00.0"], on: moved) == ["09:00.0"])
    }

    @Test func `gets some of them when it asks for fewer, and all of them when it asks for more`() {
        #expect(given("disks", 1, had: ["02:00.0", "03:00.0"]) == ["02:00.0"])
        #expect(given("disks", 1, had: ["02:00.0", "03:00.0"], taken: ["02:00.0"]) == ["03:00.0"])
        #expect(given("disks", 2, had: ["03:00.0"]) == ["01:00.0", "03:00.0"])
        #expect(given("disks", 2, had: ["03:00.0"], taken: ["03:00.0"]) == nil)
        #expect(given("disks", 2, had: ["02:00.0", "03:00.0"], taken: ["03:00.0"]) == nil)
    }

    @Test func `is told of each device why it is not given`() throws {
        let known = [Self.bay().known("r", "02:00.0", pool: "disks")]
        let view = Self.bay([1, 3]).view(Self.pools(.storage), knowing: known)
        guard case .noFit(_, let fits) = view.place([Request(name: "r", target: .pool("disks"))], for: "one") else {
            Issue.record("another disk was given")
            return
        }
        let asked = fits.filter { $0.request != nil }
        #expect(asked.map(\.device.key.short) == ["02:00.0", "01:00.0", "03:00.0"])
        #expect(asked.map(\.reason?.code) == [.missing, .otherDevice, .otherDevice])
        #expect(
            asked[0].reason?.sentence == "one had it at its last start, and it is no longer there.")
    }

    @Test(.requirements("C2")) func `is not given another device than the one that it asks for by name`() {
        let target = Request.Target.device(DeviceID(host: Bay.name, key: Bay.key("02:00.0")))
        let known = [Self.bay().known("r", "02:00.0")]
        let request = Request(name: "r", target: target)
        let pools = Self.pools(.storage)
        #expect(Self.bay().view(pools, knowing: known).place([request], for: "one").isFit)
        let swapped = Bay { $0.disk("02:00.0", slot: 2, serial: "S4EVNX0R9999") }.view(pools, knowing: known)
        guard case .noFit(_, let fits) = swapped.place([request], for: "one") else {
            Issue.record("the wrong disk was given")
            return
        }
        #expect(fits.map(\.reason?.code) == [.deviceChanged])
        #expect(swapped.place([request], for: "two").isFit, "nobody else expected another one")
        #expect(swapped.place([request]).isFit)
    }

    @Test(.requirements("C7")) func `is held where a group has changed, and only that VM is`() throws {
        let known = [Self.bay().known("r", "02:00.0", pool: "disks")]
        let merged = Bay { bay in
            bay.disk("02:00.0", slot: 2, serial: "S4EVNX0R1002", group: 7)
            bay.disk("03:00.0", slot: 3, serial: "S4EVNX0R1003", group: 7)
        }.view(Self.pools(.storage), knowing: known)
        let wish = PlacementWish(
            requests: [Request(name: "r", target: .pool("disks"))], hosts: HostConstraint(names: [Bay.name]))
        let why = #expect(throws: NoPlace.self) { try merged.standing(for: "one").place(wish, on: Bay.name) }
        guard case .host(let reason)? = why else {
            Issue.record("\(String(describing: why))")
            return
        }
        #expect(reason.code == .groupChanged && reason.sentence.contains("0000:03:00.0 Device 144d:a808 came"))
        #expect(throws: Never.self) { try merged.standing(for: "two").place(wish, on: Bay.name) }
        var index = FleetIndex()
        index.set(Bay.name, merged.standing(for: "one"))
        let world = PlacementWorld(view: { _ in merged })
        let explanation = Explainer(wish, in: index, for: "one", world: world).explain()
        #expect(explanation.hosts.map(\.reason) == [reason])
        #expect(explanation.fixes.map(\.changes) == [[.allow(.groupChanged, vm: "one")]])
        #expect(explanation.fixes[0].commands == [.startVM("one", allowing: .groupChanged)])
    }
}

extension Placement {
    fileprivate var isFit: Bool { if case .fits = self { true } else { false } }
}

@Suite struct `Units that an ask has to get` {
    private let host = StockSample([
        .card(node: 0), .card(node: 0), .card(node: 1), .functions(2, node: 1), .functions(2, node: 1),
    ])

    private func ask(
        _ count: Int, must: UnitSet, _ numa: NUMAPolicy = .legacy, group: GroupPolicy = .none,
        topology: TopologyPolicy? = nil
    ) -> Ask {
        var ask = Ask(count: count, ranks: [UnitSet(below: 7)], numa: numa, group: group, topology: topology)
        ask.must = must
        return ask
    }

    @Test func `are among what it gets, whatever else would be nearer or comes first`() {
        #expect(host.give([ask(2, must: [2])]) == [[0, 2]])
        #expect(host.give([ask(2, must: [0], .preferred)], near: [1])?[0].contains(0) == true)
        #expect(host.give([ask(2, must: [0], .required)], near: [1]) == nil)
        #expect(host.give([ask(2, must: [2])], free: [0, 1]) == nil)
    }

    @Test func `count for what the others may not be`() {
        #expect(host.give([ask(2, must: [4], group: .isolate)])?[0].isDisjoint(with: [3]) == true)
        #expect(host.give([ask(2, must: [3, 4], group: .isolate)]) == nil)
        #expect(host.give([ask(2, must: [3], topology: .sameCard)]) == [[3, 4]])
    }

    @Test func `are kept when another ask wants them first`() {
        let other = Ask(count: 2, ranks: [[0, 2]])
        #expect(host.give([other, ask(2, must: [2])]) == nil)
        let greedy = Ask(count: 1, ranks: [[0, 2]])
        #expect(host.give([greedy, ask(2, must: [0])])?[1].contains(0) == true)
        #expect(host.give([ask(1, must: [2]), ask(1, must: [2])]) == nil)
    }
}

extension [Int] {
    fileprivate func isDisjoint(with other: [Int]) -> Bool { !contains { other.contains($0) } }
}

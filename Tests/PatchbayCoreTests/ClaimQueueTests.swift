import PatchbayCore
import PatchbayTesting
import Testing

/// A pool of devices, as many tenants as there are letters, and time that goes on a minute at a step.
private struct QueueWorld {
    static let minute = 60_000
    let capacity: Int
    var now = 0
    var pending: [Claim] = []
    /// With the minute at which they end.
    var running: [(claim: Claim, end: Int)] = []
    var served: [(claim: Claim, after: Int)] = []

    init(capacity: Int) { self.capacity = capacity }

    var free: Int { capacity - running.reduce(0) { $0 + $1.claim.units.count } }
    var held: [String?: Int] {
        running.reduce(into: [:]) { $0[$1.claim.owner.tenant, default: 0] += $1.claim.units.count }
    }

    mutating func ask(_ id: String, tenant: String? = nil, count: Int, priority: Int = 0) {
        pending.append(
            Claim(
                id: id, owner: ClaimOwner(kind: .system, name: id, tenant: tenant),
                requests: [Request(name: "r", target: .pool("gpus"), count: count)],
                terms: ClaimTerms(priority: priority, waits: true), createdAt: now))
    }

    /// Only the number counts here; which devices they are does not.
    private static func decision(_ count: Int) -> ClaimDecision {
        let unit = DeviceUnit(primary: try! DeviceKey("01:00.0"), companions: [], bridges: [])
        return ClaimDecision(
            host: "h", units: Array(repeating: AllocatedUnit(request: "r", pool: "gpus", unit: unit), count: count))
    }

    func next() -> (claim: Claim, decision: ClaimDecision)? {
        ClaimQueue.next(pending, held: held, at: now) {
            $0.requests[0].count <= capacity
        } place: {
            $0.requests[0].count <= free ? Self.decision($0.requests[0].count) : nil
        }
    }

    /// Ends what is over, then serves all that can be; `lasting` says how long each runs.
    mutating func step(lasting: (Claim) -> Int) {
        now += Self.minute
        let time = now
        running.removeAll { $0.end <= time }
        while let (claim, decision) = next() {
            pending.removeAll { $0.id == claim.id }
            var claim = claim
            claim.state = .allocated(decision)
            running.append((claim, now + lasting(claim) * Self.minute))
            served.append((claim, now - claim.createdAt))
        }
    }
}

@Suite struct `The queue of claims` {
    /// Small claims keep coming that always fit; the large one fits only when most of the pool is free.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `lets nobody starve that could be served, however many others come`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = QueueWorld(capacity: 8)
        let longest = 5
        for minute in 0..<300 {
            for number in 0..<Int.random(in: 0...4, using: &random) {
                world.ask(
                    "small-\(minute)-\(number)", tenant: ["a", "b", nil].randomElement(using: &random)!, count: 1,
                    priority: Int.random(in: 0...9, using: &random))
            }
            if minute % 50 == 0 { world.ask("large-\(minute)", count: 8) }
            world.step { _ in Int.random(in: 1...longest, using: &random) }
        }
        let large = world.served.filter { $0.claim.id.hasPrefix("large") }
        #expect(large.count >= 5)
        // Its patience, then those impatient ones that are older than it, then the longest that is running.
        let bound = ClaimQueue.patience + 60 * QueueWorld.minute
        #expect(large.allSatisfy { $0.after <= bound })
    }

    @Test func `keeps nothing for a claim that could never be served`() {
        var world = QueueWorld(capacity: 4)
        world.ask("impossible", count: 5)
        world.now += ClaimQueue.patience
        world.ask("small", count: 1)
        #expect(world.next()?.claim.id == "small")
    }

    @Test func `keeps everything for one whose patience is at its end`() {
        var world = QueueWorld(capacity: 4)
        world.ask("running", count: 1)
        world.step { _ in 1000 }
        world.ask("large", count: 4)
        world.ask("early", count: 1, priority: 5)
        #expect(world.next()?.claim.id == "early")
        world.now += ClaimQueue.patience
        world.pending.removeAll { $0.id == "early" }
        world.ask("late", count: 1, priority: 5)
        #expect(world.next() == nil)
        world.running = []
        #expect(world.next()?.claim.id == "large")
    }

    /// Whoever is served, nobody who fits too and has waited no less has a higher priority, or holds less at the same.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `serves the higher priority first, and at the same the tenant that holds least`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = QueueWorld(capacity: 6)
        for number in 0..<40 {
            world.ask(
                "c\(number)", tenant: ["a", "b", "c"].randomElement(using: &random)!,
                count: Int.random(in: 1...3, using: &random), priority: Int.random(in: 0...2, using: &random))
        }
        while let (claim, decision) = world.next() {
            let rank = (-claim.terms.priority, world.held[claim.owner.tenant] ?? 0)
            for other in world.pending where other.requests[0].count <= world.free {
                #expect(rank <= (-other.terms.priority, world.held[other.owner.tenant] ?? 0))
            }
            world.pending.removeAll { $0.id == claim.id }
            var claim = claim
            claim.state = .allocated(decision)
            world.running.append((claim, .max))
        }
        #expect(world.free == 0 || world.pending.allSatisfy { $0.requests[0].count > world.free })
    }

    /// As long as both wait.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `gives tenants that ask for the same the same`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = QueueWorld(capacity: 8)
        // One came with everything long before the other.
        for number in 0..<200 { world.ask("a\(number)", tenant: "a", count: 1) }
        world.now += QueueWorld.minute
        for number in 0..<200 { world.ask("b\(number)", tenant: "b", count: 1) }
        for _ in 0..<8 {
            world.step { _ in Int.random(in: 1...4, using: &random) }
            guard world.free == 0, world.now < ClaimQueue.patience else { continue }
            let (a, b) = (world.held["a"] ?? 0, world.held["b"] ?? 0)
            #expect(a == b)
        }
        let early = world.served.prefix(8)
        #expect(early.filter { $0.claim.owner.tenant == "a" }.count == 4)
    }
}

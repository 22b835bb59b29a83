import Testing

@testable import PatchbayCore

@Suite struct `What pools have of a host` {
    private static let pools = [
        Pool(name: "words", rules: [Rule(name: "a", conditions: [Condition(.name, .matches, "(?i)a|e")])]),
        Pool(
            name: "tagged",
            rules: [
                Rule(name: "a", conditions: [Condition(.driver, .notEqual, "")], tags: ["lan": "x"]),
                Rule(name: "b", conditions: [Condition(.vendor, .greater, "8000")]),
            ]),
        Pool(
            name: "elsewhere",
            rules: [Rule(name: "a", host: "boreas", conditions: [Condition(.reset, .notEqual, "none")])]),
    ]

    /// Everything there is to ask, by device and pool.
    private func answers(_ membership: PoolMembership, _ inventory: Inventory) -> [[DeviceTags?]] {
        #expect(Set(membership.names.keys) == membership.devices(of: Self.pools.map(\.name)))
        return inventory.functions.map { function in
            Self.pools.map { membership.tags(of: function.key, in: $0.name) }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `is the same whether it is worked out anew or from what was known`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let before = RandomHost(seed: seed).inventory
        var after = before
        for index in after.functions.indices where Int.random(in: 0..<4, using: &random) == 0 {
            after.functions[index].driver = Bool.random(using: &random) ? nil : "vfio-pci"
            after.functions[index].deviceName = ["A100", "x", "E810"].randomElement(using: &random)
        }
        after.functions.removeAll { _ in Int.random(in: 0..<8, using: &random) == 0 }
        if Int.random(in: 0..<8, using: &random) == 0 { after.host.name = "boreas" }
        var pools = Self.pools
        if Bool.random(using: &random) { pools[0].rules[0].conditions[0].value = "x" }
        let earlier = [
            PoolMembership(of: before, in: Self.pools), PoolMembership(of: before, in: [Self.pools[1]]),
        ]
        let fresh = PoolMembership(of: after, in: pools)
        #expect(
            answers(PoolMembership(of: after, in: pools, knowing: earlier), after) == answers(fresh, after),
            "seed \(seed)")
        let reversed = PoolMembership(of: before, in: Self.pools, knowing: [fresh])
        #expect(answers(reversed, before) == answers(earlier[0], before), "seed \(seed)")
    }
}

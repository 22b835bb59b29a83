import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `Units for requests` {
    /// Two sockets of two nodes: 0 and 1, 2 and 3; the device is on node 0.
    private let fourNodes = StockSample([.card(node: 0)], sockets: [[0, 1], [2, 3]])

    @Test(
        .requirements("N56", "N57", "N58"),
        arguments: [
            ([0, 1], true), ([0, 2], true), ([0, 3], true), ([1, 2], true), ([1, 3], true), ([2, 3], false),
        ])
    func `are on a socket of the guest where that is asked`(_ cells: [Int], _ isAccepted: Bool) {
        #expect((fourNodes.give(1, .socket, near: cells) != nil) == isAccepted)
    }

    @Test func `are not found by socket where the host does not tell all of its own`() {
        let host = StockSample([.card(node: 0)], sockets: [[0], []])
        #expect(host.give(1, .socket, near: [0]) == [0])
        #expect(host.give(1, .socket, near: [1]) == nil)
        #expect(host.give(1, .socket, near: [0, 1]) == [0], "it is on the guest's own node all the same")
    }

    @Test(.requirements("N50", "N54", "N55", "N60"))
    func `are on the guest's node, or on one that nobody knows where nothing more is asked`() {
        let near = StockSample([.card(node: 0), .card(node: 1), .card(node: nil)])
        #expect(near.give(1, .required, near: [1]) == [1])
        #expect(near.give(2, .required, near: [1]) == nil)
        #expect(near.give(1, .legacy, near: [1]) == [1])
        #expect(near.give(2, .legacy, near: [1]) == [1, 2])
        #expect(near.give(3, .legacy, near: [1]) == nil)
        #expect(StockSample([.card(node: nil)]).give(1, .required, near: [0]) == nil)
    }

    @Test(.requirements("N59")) func `are near as far as that goes where near is preferred`() {
        let host = StockSample([.card(node: 0), .card(node: 1), .card(node: 1)])
        #expect(host.give(2, .preferred, near: [1]) == [1, 2])
        #expect(host.give(3, .preferred, near: [1]) == [0, 1, 2])
    }

    @Test func `are anywhere for a guest that floats, whatever is asked`() {
        let host = StockSample([.card(node: 0), .card(node: nil)])
        #expect(host.give(2, .required) == [0, 1])
    }

    @Test(.requirements("N81", "N83")) func `may come from one physical function`() {
        let host = StockSample([.functions(2, node: 0), .functions(2, node: 0)])
        #expect(host.give(4)?.count == 4)
        #expect(host.give(2, group: .none)?.count == 2)
    }

    @Test(.requirements("N82")) func `come from different physical functions where that is asked`() {
        let host = StockSample([.functions(2, node: 0), .functions(2, node: 0)])
        #expect(host.give(2, group: .isolate) == [0, 2])
        #expect(host.give(3, group: .isolate) == nil)
    }

    @Test(.requirements("N72")) func `are never a physical function beside its virtual ones`() {
        let host = StockSample([.functions(3, node: 0, withPhysical: true)])
        #expect(host.give(3) == [1, 2, 3], "the virtual ones are more than the one they exclude")
        #expect(host.give(4) == nil)
        let physical = Ask(count: 1, ranks: [[0]])
        let virtual = Ask(count: 1, ranks: [[1, 2, 3]])
        #expect(host.give([physical, virtual]) == nil)
        #expect(host.give([physical]) == [[0]])
    }

    @Test func `stay on one card, below one switch, or apart where that is asked`() {
        let host = StockSample([
            .card(node: 0, below: "s1"), .card(node: 0, below: "s1"), .card(node: 0, below: "s2"),
            .functions(3, node: 0),
        ])
        #expect(host.give(2, topology: .sameSwitch) == [0, 1])
        #expect(host.give(3, topology: .sameSwitch) == nil)
        #expect(host.give(3, topology: .sameCard) == [3, 4, 5])
        #expect(host.give(4, topology: .sameRootComplex)?.count == 4)
        #expect(host.give(4, topology: .apart) == [0, 1, 2, 3])
        #expect(host.give(5, topology: .apart) == nil)
    }

    @Test func `leave whole what is larger`() {
        let host = StockSample([
            .card(node: 0, below: "s1"), .card(node: 0, below: "s1"), .card(node: 0, below: "s1"),
            .card(node: 1, below: "s2"), .card(node: 1, below: "s2"),
        ])
        #expect(host.give(1) == [3])
        #expect(host.give(2) == [3, 4])
        #expect(host.give(3) == [0, 1, 2])
    }

    @Test func `are found where the first choice leads nowhere`() {
        let host = StockSample([.card(node: 0), .card(node: 1), .card(node: 1)])
        let any = Ask(count: 1, ranks: [[0, 1]])
        let first = Ask(count: 1, ranks: [[0]])
        #expect(host.give([any, first]) == [[1], [0]])
        // Switch after switch has to be tried for the first before the second has a way.
        let switches = StockSample([
            .card(node: 0, below: "s1"), .card(node: 0, below: "s1"), .card(node: 0, below: "s2"),
            .card(node: 0, below: "s2"), .card(node: 0, below: "s2"),
        ])
        let pair = Ask(count: 2, ranks: [[0, 1, 2, 3, 4]], topology: .sameSwitch)
        let theFirst = Ask(count: 1, ranks: [[0, 1]])
        #expect(switches.give([pair, theFirst, theFirst]) == [[2, 3], [0], [1]])
    }

    @Test(.requirements("VX14")) func `are left out where they are optional, and take nothing from the others`() {
        let host = StockSample([.card(node: 0), .card(node: 0)])
        let optional = Ask(count: 2, ranks: [[0, 1]], isOptional: true)
        let must = Ask(count: 1, ranks: [[0, 1]])
        #expect(host.give([optional, must]) == [[], [0]])
        let small = Ask(count: 1, ranks: [[0]], isOptional: true)
        #expect(host.give([small, must]) == [[0], [1]], "the other makes room for it")
        let apart = StockSample([.card(node: 0), .card(node: 1)])
        let near = Ask(count: 1, ranks: [[0, 1]], numa: .preferred)
        #expect(apart.give([small, near], near: [0]) == [[], [0]], "not where that would put it farther away")
    }

    @Test func `are given up at a bound, not searched for ever`() {
        // Twenty physical functions of which each of forty requests wants one or a virtual one: far beyond trying.
        let parts = (0..<20).map { _ in StockSample.Part.functions(1, node: 0, withPhysical: true) }
        let host = StockSample(parts)
        let physical = UnitSet((0..<20).map { 2 * $0 })
        let virtual = UnitSet((0..<20).map { 2 * $0 + 1 })
        let asks = [Ask(count: 11, ranks: [physical]), Ask(count: 10, ranks: [virtual])]
        let allotter = Allotter(asks, on: host.shape, free: UnitSet(below: 40))
        #expect(throws: Allotter.Failure.self) { try allotter.allot() }
    }
}

@Suite struct `A set of units` {
    @Test(arguments: 0..<200 as Range<UInt64>) func `is what a set is`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func numbers() -> Set<Int> { Set((0..<40).map { _ in Int.random(in: 0..<300, using: &random) }) }
        let (a, b) = (numbers(), numbers())
        let (left, right) = (UnitSet(a), UnitSet(b))
        #expect(Array(left) == a.sorted())
        #expect(left.count == a.count)
        #expect(Array(left.union(right)) == a.union(b).sorted())
        #expect(Array(left.intersection(right)) == a.intersection(b).sorted())
        #expect(Array(left.subtracting(right)) == a.subtracting(b).sorted())
        #expect(left.isDisjoint(with: right) == a.isDisjoint(with: b))
        #expect(left.count(in: right) == a.intersection(b).count)
        #expect(left.isSubset(of: left.union(right)))
        #expect(left.lowest == a.min())
        var emptied = left
        for number in a { emptied.remove(number) }
        #expect(emptied == UnitSet(), "equal sets are equal values")
    }

    @Test func `holds everything below a number`() {
        for count in [0, 1, 63, 64, 65, 128, 4096] { #expect(Array(UnitSet(below: count)) == Array(0..<count)) }
    }
}

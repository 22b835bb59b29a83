/// Which units of a host are plugged in together: cards, switches, root complexes.
struct TopologyDomains {
    private(set) var cards: [UnitSet] = []
    private(set) var cardOf: [Int] = []
    private(set) var switches: [UnitSet] = []
    private(set) var roots: [UnitSet] = []

    init(_ units: [StockUnit]) {
        var cards: [String: Int] = [:]
        var switches: [String: UnitSet] = [:]
        var roots: [String: UnitSet] = [:]
        for (number, unit) in units.enumerated() {
            let card = cards[unit.card, default: self.cards.count]
            if card == self.cards.count {
                cards[unit.card] = card
                self.cards.append([])
            }
            self.cards[card].insert(number)
            cardOf.append(card)
            if let root = unit.ports.first { roots[root, default: []].insert(number) }
            for upstream in Self.upstreamPorts(of: unit) { switches[upstream, default: []].insert(number) }
        }
        self.switches = Self.smallestFirst(switches)
        self.roots = Self.smallestFirst(roots)
    }

    /// A switch is an upstream port with downstream ports below it, so between a root port and a device behind one switch
    /// there are two ports: root bus, root port, upstream, downstream.
    ///
    /// Source: PCI Express Base Specification, section 1.3.3.
    private static func upstreamPorts(of unit: StockUnit) -> [String] {
        stride(from: 2, to: unit.ports.count - 1, by: 2).map { unit.ports[...$0].joined(separator: "/") }
    }

    private static func smallestFirst(_ domains: [String: UnitSet]) -> [UnitSet] {
        domains.sorted { a, b in
            a.value.count != b.value.count ? a.value.count < b.value.count : a.key < b.key
        }.map(\.value)
    }
}

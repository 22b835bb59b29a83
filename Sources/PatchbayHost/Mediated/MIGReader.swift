import PatchbayCore

/// What NVIDIA's tool says about Multi-Instance GPU: the driver tells it in no file.
struct MIGReader {
    let programs: ProgramRunner

    /// By card; empty when there is no such tool, or no card that knows MIG.
    func states() async -> [PCIAddress: MIGState] {
        let query = "--query-gpu=index,pci.bus_id,mig.mode.current,mig.mode.pending"
        guard let cards = await programs.output("nvidia-smi", query, "--format=csv,noheader") else { return [:] }
        let known = Self.cards(cards)
        guard known.values.contains(where: { $0.state.isEnabled }) else { return known.mapValues(\.state) }
        let instances = Self.instances(await programs.output("nvidia-smi", "mig", "-lgi") ?? "")
        return known.mapValues { card in
            var state = card.state
            state.instances = instances[card.index] ?? []
            return state
        }
    }

    /// `0, 00000000:41:00.0, Enabled, Disabled`; cards without MIG say `[N/A]`. Domains have eight digits here.
    static func cards(_ text: String) -> [PCIAddress: (index: Int, state: MIGState)] {
        var cards: [PCIAddress: (index: Int, state: MIGState)] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ",").map { $0.trimmingBlanks }
            guard fields.count == 4, let index = Int(fields[0]), let address = PCIAddress(printed: fields[1]),
                let isEnabled = mode(fields[2])
            else { continue }
            let pending = mode(fields[3]) ?? isEnabled
            cards[address] = (
                index, MIGState(isEnabled: isEnabled, isPending: pending != isEnabled, instances: [])
            )
        }
        return cards
    }

    private static func mode(_ text: some StringProtocol) -> Bool? {
        switch text {
        case "Enabled": true
        case "Disabled": false
        default: nil
        }
    }

    /// Names by the card's index, out of the table of `nvidia-smi mig -lgi`:
    ///
    ///     |   0  MIG 1g.5gb          19       13          6:1     |
    static func instances(_ table: String) -> [Int: [String]] {
        var instances: [Int: [String]] = [:]
        for line in table.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == "|" || $0 == " " })
            guard words.count >= 6, let card = Int(words[0]), words[1] == "MIG" else { continue }
            instances[card, default: []].append(String(words[2]))
        }
        return instances
    }
}

extension MediatedParent {
    /// Puts what is known about MIG to the cards; those that offer nothing else become parents of their own.
    static func adding(_ states: [PCIAddress: MIGState], to parents: [MediatedParent]) -> [MediatedParent] {
        var parents = parents
        var left = states
        for index in parents.indices { parents[index].mig = left.removeValue(forKey: parents[index].address) }
        parents += left.map { MediatedParent(address: $0.key, kind: .multiInstance, types: [], mig: $0.value) }
        return parents.sorted { $0.address < $1.address }
    }
}

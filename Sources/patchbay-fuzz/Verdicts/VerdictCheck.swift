import PatchbayCore
import PatchbayHost

/// Reads a planted host as `patchbay host inspect --root` does, and holds every verdict against what was planted.
struct VerdictCheck {
    struct Fault {
        var address: String
        var judgement: Judgement
        var got: String

        var sentence: String { "\(address) (\(judgement.kind.name)): \(got)" }
    }

    /// What was judged, by kind; what stands open is not counted.
    private(set) var counts: [Ingredient.Kind: Int] = [:]
    private(set) var faults: [Fault] = []

    /// - Parameter root: the directory that the host was made in.
    init(_ host: PlantedHost, root: String) throws {
        let reader = InventoryReader(root: root)
        let reading = try reader.survey()
        let inventory = reading.inventory
        let view = HostView(inventory: inventory, usage: Usage())
        let judged = host.judgements.sorted { $0.key < $1.key }.filter { $0.value.expectation != .open }
        let again = judged.isEmpty ? nil : judged[inventory.functions.count % judged.count].key
        for (address, judgement) in judged {
            counts[judgement.kind, default: 0] += 1
            let function = try PCIAddress(address)
            guard inventory[function] != nil else {
                faults.append(Fault(address: address, judgement: judgement, got: "it is not in the inventory"))
                continue
            }
            let (state, reason) = view.state(of: function.key)
            let verdict = inventory.verdict(of: function)
            var isRight = Self.isRight(judgement.expectation, state, verdict)
            var got = "state \(state.rawValue), verdict \(verdict.rawValue) (\(reason))"
            if state == .free, let mate = Self.neededMate(of: function, in: inventory, host) {
                isRight = false
                got += ", and \(mate) goes along"
            }
            if address == again {
                let now = try reader.reading(deciding: [function.key], since: reading)
                for difference in now.differences(to: inventory, of: function.key) {
                    isRight = false
                    got += "; \(difference)"
                }
            }
            if !isRight { faults.append(Fault(address: address, judgement: judgement, got: got)) }
        }
    }

    private static func isRight(
        _ expectation: Judgement.Expectation, _ state: DeviceState, _ verdict: HostVerdict
    ) -> Bool {
        switch expectation {
        case .needed: state != .free
        case .atRisk: !(state == .free && verdict == .free)
        case .free: state == .free && verdict == .free
        case .open: true
        }
    }

    /// A device that would be handed over together with a free one, though it is needed.
    private static func neededMate(of address: PCIAddress, in inventory: Inventory, _ host: PlantedHost) -> DeviceKey? {
        inventory.unit(of: address)?.members.first { host.judgements[$0.description]?.expectation == .needed }
    }
}

/// The ingredients of a case, which follow from a seed and its number.
struct VerdictCase {
    var ingredients: [Ingredient]

    /// Every kind comes up in turn, with up to four uses and one to three free devices beside it.
    ///
    /// - Parameter kinds: those that come up.
    init(seed: UInt64, number: Int, kinds: [Ingredient.Kind]) {
        var dice = Dice(seed: seed, case: number)
        var chosen = [kinds[number % kinds.count]]
        for _ in 0..<dice.below(4) { chosen.append(dice.pick(kinds)) }
        for _ in 0...dice.below(3) { chosen.append(dice.pick(Ingredient.Kind.spares)) }
        ingredients = chosen.map { Ingredient(kind: $0, dice: Dice(seed: dice.next(), case: 0)) }
    }

    /// The ingredients without which the fault is gone; the others are left out.
    ///
    /// - Parameter isFaulty: whether a host of these ingredients still has the fault.
    static func smallest(
        _ ingredients: [Ingredient], isFaulty: ([Ingredient]) throws -> Bool
    ) rethrows -> [Ingredient] {
        var kept = ingredients
        var index = 0
        while index < kept.count {
            var fewer = kept
            fewer.remove(at: index)
            if try isFaulty(fewer) { kept = fewer } else { index += 1 }
        }
        return kept
    }
}

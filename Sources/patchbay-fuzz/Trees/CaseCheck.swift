import Foundation
import PatchbayCore
import PatchbayHost

/// What has to hold of a tree whatever is in it: reading ends, and everything that is asked of the result has an answer.
struct CaseCheck {
    let root: String
    /// Of this many cases one is also asked everything that costs more than reading.
    let isThorough: Bool

    /// Sentences about what does not hold; empty: all is well.
    func findings(_ dice: inout Dice) -> [String] {
        let result: InventoryReader.Result
        do { result = try InventoryReader(root: root).survey() } catch {
            return error.next.isEmpty ? ["refused without a next step: \(error.detail)"] : []
        }
        var findings = orderFindings(result.inventory)
        guard isThorough else { return findings }
        findings += roundTripFindings(result.inventory)
        ask(result.inventory, &dice)
        return findings
    }

    private func orderFindings(_ inventory: Inventory) -> [String] {
        let addresses = inventory.functions.map(\.address)
        var findings: [String] = []
        if zip(addresses, addresses.dropFirst()).contains(where: { $0 >= $1 }) {
            findings.append("functions are not sorted, or one is there twice")
        }
        let groups = inventory.groups.map(\.id)
        if zip(groups, groups.dropFirst()).contains(where: { $0 >= $1 }) {
            findings.append("groups are not sorted, or one is there twice")
        }
        return findings
    }

    /// Stored and read back it is the same, with the same digest.
    private func roundTripFindings(_ inventory: Inventory) -> [String] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let again = try JSONDecoder().decode(Inventory.self, from: try encoder.encode(inventory))
            guard again == inventory else { return ["the inventory is another after encoding and decoding"] }
            return again.digest == inventory.digest ? [] : ["the digest is another after encoding and decoding"]
        } catch { return ["the inventory cannot be encoded and decoded: \(error)"] }
    }

    /// Everything that decides on an inventory; the answers do not matter here, only that there are some.
    private func ask(_ inventory: Inventory, _ dice: inout Dice) {
        let rules = [Rule(name: "all", conditions: [Condition(.name, .notEqual, "")])]
        let view = HostView(inventory: inventory, usage: Usage(pools: [Pool(name: "everything", rules: rules)]))
        let host = NovaHost(inventory)
        let spec = try? NovaDeviceSpec.parse("{\"address\": {\"bus\": \"0[0-3]\"}}", on: host)
        _ = spec?.firstMatches(inventory.functions.map(NovaDevice.init), on: host)
        _ = Doctor.examine(inventory)
        _ = inventory.groupFingerprints
        let recognizer = DeviceRecognizer(inventory)
        let judge = IsolationJudge(inventory)
        for group in inventory.groups.prefix(200) { _ = judge.isolation(of: group) }
        for function in inventory.functions.prefix(200) {
            _ = recognizer.recognise(inventory.identity(of: function), at: function.address)
            let state = view.state(of: function.key)
            _ = inventory.unit(of: function.address)
            _ = inventory.verdict(of: function.address)
            _ = state.reason
        }
    }
}

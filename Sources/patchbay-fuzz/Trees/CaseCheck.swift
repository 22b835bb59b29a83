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
        findings += decidingFindings(result, &dice)
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

    /// What is read again right before a write says the same of a device as a whole reading.
    private func decidingFindings(_ result: InventoryReader.Result, _ dice: inout Dice) -> [String] {
        let devices = result.inventory.functions.map(\.key) + result.inventory.usb.map(\.key)
        guard !devices.isEmpty else { return [] }
        let device = dice.pick(devices)
        do {
            let again = try InventoryReader(root: root).reading(deciding: [device], since: result)
            return again.differences(to: result.inventory, of: device)
        } catch { return ["\(device) cannot be read again: \(error.detail)"] }
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
        for device in DeviceKind.allCases.flatMap({ inventory.devices(of: $0).prefix(200) }) {
            _ = recognizer.recognise(device.identity(in: inventory), at: device.key)
            let state = view.state(of: device.key)
            _ = inventory.unit(of: device.key)
            _ = inventory.verdict(of: device.key)
            _ = state.reason
        }
    }
}

extension Inventory {
    /// What decides on whether a device may be taken and is not as `whole` has it, in words.
    func differences(to whole: Inventory, of device: DeviceKey) -> [String] {
        var differences: [String] = []
        let unit = whole.unit(of: device)
        if self.unit(of: device) != unit { differences.append("what goes with it") }
        if readiness != whole.readiness { differences.append("readiness") }
        for member in whole.devices(deciding: unit.map { [$0] } ?? []).sorted() {
            if whole[member]?.isSame(as: self[member]) == false { differences.append("\(member)") }
            let (now, then) = (hostUses[member] ?? [], whole.hostUses[member] ?? [])
            differences += now.filter { !then.contains($0) }.map { "\(member) has \($0.severity), \($0.sentence)" }
            differences += then.filter { !now.contains($0) }.map { "\(member) lacks \($0.severity), \($0.sentence)" }
        }
        return differences.map { "\(device), read again before a write: \($0)" }
    }
}

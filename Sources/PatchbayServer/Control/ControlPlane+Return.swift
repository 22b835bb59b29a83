import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// Whatever goes along with a device that is returned is returned with it.
    package func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let devices = try fleet.devices(named: names)
            var returned: [DeviceID] = []
            for id in devices { returned += try fleet.quarantined(with: id) }
            let subject = devices.map(\.short).joined(separator: ", ")
            let message = "\(subject) \(dryRun ? "would be returned." : "can be lent again.")"
            let answer = change([], dryRun: dryRun, subject: "device \(subject)", message: message)
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("device.returned", "device \(subject)", message)
            for key in Set(returned.map(StateKey.quarantine)).sorted() {
                commit.require(unchanged: key, in: fleet)
                commit.delete(key)
            }
            return Decision(answer: answer, commit: commit)
        }
    }
}

extension Fleet {
    /// The device and its mates, as far as they are in quarantine.
    fileprivate func quarantined(with id: DeviceID) throws(Problem) -> [DeviceID] {
        guard let state = hosts[id.host], state.quarantines[id.key] != nil else {
            if let inventory = hosts[id.host]?.inventory, let function = id.key.pci.flatMap({ inventory[$0] }),
                let silence = function.silence
            {
                throw Problem(
                    .deviceSilent,
                    "\(id.short) does not answer. Returning it does not help: it becomes available when it answers.",
                    evidence: ["\(id.key): \(silence.words)"],
                    next: inventory.waysOut(of: function.address) ?? [])
            }
            throw Problem(
                .wrongState, "\(id.short) does not have to be returned.",
                next: [NextStep("See its state", .showDevice(id.short))])
        }
        let mates = state.inventory?.unit(of: id.key)?.members ?? [id.key]
        return Set(mates + [id.key]).filter { state.quarantines[$0] != nil }.sorted().map {
            DeviceID(host: id.host, key: $0)
        }
    }
}

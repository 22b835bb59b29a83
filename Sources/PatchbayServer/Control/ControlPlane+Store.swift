import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    /// What is stored under a key and cannot be read goes, with what would mean nothing without it. What follows from
    /// something that can be read is written anew instead.
    package func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            guard fleet.unreadable[key] != nil else {
                throw Problem(
                    .wrongState, "Nothing that cannot be read is stored under \"\(key.cut(toBytes: 256))\".",
                    next: ["See what is: patchbay store list"])
            }
            let way = fleet.wayOut(of: key)
            let message = dryRun ? way.would : way.did
            let answer = change(
                [], dryRun: dryRun, subject: "store \(key)", message: message, findings: way.findings)
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("store.dropped", "store \(key)", message)
            commit.require(unchanged: key, in: fleet)
            for device in way.freed { commit.delete(StateKey.allocation(device)) }
            for vm in way.ended { commit.delete(StateKey.turn(vm)) }
            if let allocation = way.allocation { try commit.put(key, allocation) } else { commit.delete(key) }
            return Decision(answer: answer, commit: commit)
        }
    }
}

extension Fleet {
    /// What becomes of a key that cannot be read.
    fileprivate struct WayOut {
        var would: String
        var did: String
        /// Written in its place.
        var allocation: Allocation?
        /// Devices that nobody holds any more.
        var freed: [DeviceID] = []
        /// VMs that waited for it.
        var ended: [String] = []
        var findings: [Finding] = []
    }

    fileprivate func wayOut(of key: String) -> WayOut {
        let usual = WayOut(
            would: "Would drop what is stored under \(key).", did: "Dropped what was stored under \(key).")
        switch StatePlace(key) {
        case .claim(let id)?: return dropping(claim: id, usual)
        case .allocation(let device)?: return restoring(device, usual)
        case .plan(let id, _)?: return dropping(plan: id, usual)
        case .host?, .inventory?, .inventoryPart?, .domains?, .settings?, .pool?, .profile?, .vm?, .binding?,
            .quarantine?, .turn?, .queue?, .askers?, .audit?, nil:
            return usual
        }
    }

    /// With it goes all that it holds.
    private func dropping(claim: String, _ usual: WayOut) -> WayOut {
        var way = usual
        for host in hosts.keys.sorted() {
            for (address, allocation) in hosts[host]?.allocations ?? [:] where allocation.claim == claim {
                way.freed.append(DeviceID(host: host, address: address))
            }
        }
        way.freed.sort()
        way.findings = way.freed.map { device in
            Finding(
                "freed", .warning, subject: device.description,
                "\(device.short) is nobody's then. Make sure that whoever had claim \(claim) does not use it any more.")
        }
        return way
    }

    /// Whoever waited for it waits no more; what it did stays as it is.
    private func dropping(plan: String, _ usual: WayOut) -> WayOut {
        var way = usual
        way.ended = turns.filter { $0.value == plan }.map(\.key).sorted()
        way.findings = way.ended.map { vm in
            Finding(
                "turn-over", .warning, subject: "vm \(vm)",
                "\(vm) waits no more for plan \(plan). Nobody knows what the plan did.",
                next: ["See what it is and what it holds: patchbay vm show \(vm)"])
        }
        return way
    }

    /// The claim that holds a device says what is to be stored of it.
    private func restoring(_ device: DeviceID, _ usual: WayOut) -> WayOut {
        var way = usual
        let holders = hosts[device.host]?.claims.values.sorted { $0.id < $1.id } ?? []
        for claim in holders {
            guard let found = allocations(for: claim).first(where: { $0.0 == device.address }) else { continue }
            way.allocation = found.1
            way.would = "Would write anew that claim \(claim.id) holds \(device.short)."
            way.did = "Written anew: claim \(claim.id) holds \(device.short)."
            return way
        }
        way.findings = [
            Finding(
                "freed", .warning, subject: device.description,
                "\(device.short) is nobody's then: no claim that can be read holds it.")
        ]
        return way
    }
}

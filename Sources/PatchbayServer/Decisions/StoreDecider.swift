import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// Values that are stored and cannot be read.
struct StoreDecider: Decider {
    let context: DecisionContext

    /// What is stored under a key and cannot be read goes, with what would mean nothing without it. What follows from
    /// something that can be read is written anew instead.
    func drop(_ key: String) throws(Problem) -> Decision<API.Change> {
        guard fleet.unreadable[key] != nil else {
            throw Problem(
                .wrongState, "\"\(key.cut(toBytes: 256))\" is not the key of an unreadable value.",
                next: [NextStep("List the unreadable values", .listStored)])
        }
        if let next = fleet.waysOutOfReported(key) {
            throw Problem(
                .wrongState, "The value of \"\(key)\" is written again when its host reports.", next: next)
        }
        let way = fleet.wayOut(of: key)
        let message = dryRun ? way.would : way.did
        let answer = change(subject: "store \(key)", message: message, findings: way.findings)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("store.dropped", "store \(key)", message)
        commit.require(unchanged: key, in: fleet)
        commit.delete(key)
        for device in way.freed { commit.delete(StateKey.allocation(device)) }
        for (device, allocation) in way.allocations.sorted(by: { $0.key < $1.key }) {
            commit.require(unchanged: StateKey.claim(allocation.claim), in: fleet)
            commit.require(unchanged: StateKey.allocation(device), in: fleet)
            try commit.put(StateKey.allocation(device), allocation)
        }
        for (device, quarantine) in way.quarantines.sorted(by: { $0.key < $1.key }) {
            try commit.put(StateKey.quarantine(device), quarantine)
        }
        for vm in way.ended { commit.delete(StateKey.turn(vm)) }
        return Decision(answer: answer, commit: commit)
    }
}

extension Fleet {
    /// What becomes of a key that cannot be read.
    fileprivate struct WayOut {
        var would: String
        var did: String
        /// Written in its place, or beside it.
        var allocations: [DeviceID: Allocation] = [:]
        /// Devices that nobody holds any more.
        var freed: [DeviceID] = []
        /// Those of them that wait to be cleaned.
        var quarantines: [DeviceID: Quarantine] = [:]
        /// VMs that waited for it.
        var ended: [String] = []
        var findings: [Finding] = []
    }

    fileprivate func wayOut(of key: String) -> WayOut {
        let usual = WayOut(
            would: "Would drop the value of \(key).", did: "Dropped the value of \(key).")
        switch StatePlace(key) {
        case .claim(let id)?: return dropping(claim: id, usual)
        case .allocation(let device)?: return restoring(device, usual)
        case .plan(let id, _)?: return dropping(plan: id, usual)
        case .host?, .inventory?, .inventoryPart?, .domains?, .settings?, .pool?, .profile?, .vm?, .binding?,
            .quarantine?, .turn?, .queue?, .askers?, .audit?, nil:
            return usual
        }
    }

    /// With it goes all that it holds: back to the reservation it was taken from, or to nobody.
    private func dropping(claim: String, _ usual: WayOut) -> WayOut {
        var way = usual
        for host in hosts.keys.sorted() {
            for (address, allocation) in hosts[host]?.allocations ?? [:] where allocation.claim == claim {
                let device = DeviceID(host: host, key: address)
                if let back = givenBack(allocation, of: device) {
                    way.allocations[device] = back
                    continue
                }
                way.freed.append(device)
                guard mayBeForOneUse(device) else { continue }
                way.quarantines[device] = Quarantine(
                    claim: claim, owner: allocation.owner, identity: allocation.identity)
            }
        }
        way.freed.sort()
        way.findings =
            way.allocations.sorted { $0.key < $1.key }.map { device, allocation in
                Finding(
                    "freed", .warning, subject: device.description,
                    "\(device.short) goes back to claim \(allocation.claim) of \(allocation.owner.words).")
            }
            + way.freed.map { device in
                Finding(
                    "freed", .warning, subject: device.description,
                    "\(device.short) becomes free"
                        + (way.quarantines[device] == nil ? "." : " after it has been cleaned and returned.")
                        + " Make sure that the owner of claim \(claim) no longer uses it.")
            }
        return way
    }

    private func mayBeForOneUse(_ device: DeviceID) -> Bool {
        let unit = DeviceUnit(primary: device.key, companions: [], bridges: [])
        return isForOneUse(AllocatedUnit(request: "", pool: nil, unit: unit), on: device.host)
    }

    /// Whoever waited for it waits no more; what it did stays as it is.
    private func dropping(plan: String, _ usual: WayOut) -> WayOut {
        var way = usual
        way.ended = turns.filter { $0.value == plan }.map(\.key).sorted()
        way.findings = way.ended.map { vm in
            Finding(
                "turn-over", .warning, subject: "vm \(vm)",
                "\(vm) no longer waits for plan \(plan). What the plan did is unknown.",
                next: [NextStep("See its state and devices", .showVM(vm))])
        }
        return way
    }

    /// The claim that holds a device says what is to be stored of it. Of a reservation and a claim that took it from there
    /// that is the claim.
    private func restoring(_ device: DeviceID, _ usual: WayOut) -> WayOut {
        var way = usual
        let all = (hosts[device.host]?.claims.values ?? [:].values).sorted { $0.id < $1.id }
        let holders = all.filter { holding(device, by: $0) != nil }
        let borrower = holders.first { $0.terms.reservation != nil }
        if let holder = borrower ?? holders.first, var allocation = holding(device, by: holder) {
            allocation.reservation = holder.terms.reservation.flatMap { lender in
                let mayLend = holders.contains { $0.id == lender } || unreadable[StateKey.claim(lender)] != nil
                return mayLend ? lender : nil
            }
            way.allocations[device] = allocation
            way.would = "Would record again that claim \(holder.id) holds \(device.short)."
            way.did = "Recorded again: claim \(holder.id) holds \(device.short)."
            return way
        }
        way.freed = [device]
        way.findings = [
            Finding(
                "freed", .warning, subject: device.description,
                "\(device.short) becomes free: no readable claim holds it.")
        ]
        return way
    }

    /// What would be stored of the device, were the claim the one that holds it; nil: it is none of the claim's.
    private func holding(_ device: DeviceID, by claim: Claim) -> Allocation? {
        guard claim.host == device.host else { return nil }
        return allocations(for: claim).first { $0.0 == device.key }?.1
    }
}

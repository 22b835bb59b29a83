import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension Fleet {
    /// A planner for what the host will be once the plans under way are through.
    ///
    /// - Parameter accepted: risks that whoever asks for the plan takes for it.
    func planner(for host: String, accepting accepted: [Allowance] = []) throws(Problem) -> Planner {
        guard let expected = hosts[host]?.expected(pools: poolList) else { throw unknownHost(host) }
        if let unreadable = hosts[host]?.unreadable { throw .unreadable(host, unreadable) }
        var planner = Planner(inventory: expected.inventory, usage: expected.usage)
        planner.accepted = accepted
        return planner
    }

    /// The unit of a device, in the host as it is.
    func unit(of id: DeviceID) throws(Problem) -> DeviceUnit {
        guard let unit = hosts[id.host]?.inventory?.unit(of: id.key) else {
            throw unknownDevice(id.description)
        }
        return unit
    }

    /// Units of devices, each only once: two devices of one group are one unit.
    func units(of devices: [DeviceID]) throws(Problem) -> [DeviceUnit] {
        var units: [DeviceUnit] = []
        for id in devices {
            let unit = try unit(of: id)
            if !units.contains(where: { $0.members == unit.members }) { units.append(unit) }
        }
        return units
    }

    /// Plans that could not be taken back, as findings.
    var stuckPlans: [Finding] {
        var findings: [Finding] = []
        for host in hosts.keys.sorted() {
            for record in (hosts[host]?.plans ?? [:]).values.sorted(by: { $0.plan.id < $1.plan.id }) {
                guard case .stuck(let problem, let left) = record.phase, record.undoneBy == nil,
                    record.resolution == nil
                else { continue }
                findings.append(
                    Finding(
                        "plan-stuck", .problem, subject: "plan \(record.plan.id)",
                        "\(record.plan.title): \(problem.detail) \(left.count) steps are not undone.",
                        next: [NextStep("See the steps", .showPlan(record.plan.id))] + problem.next + [
                            NextStep("After you have cleaned up", .resolvePlan(record.plan.id))
                        ]))
            }
        }
        return findings
    }

    /// The VM whose turn a plan is.
    static func vm(of change: Change) -> String? {
        switch change {
        case .start(let vm, _, _, _), .stop(let vm, _, _, _, _): vm
        case .restart(let restart): restart.vm
        case .hotplug(let vm, _, _), .hotUnplug(let vm, _, _, _), .surpriseRemoval(let vm, _, _): vm
        case .reset(let vm): vm
        case .define(let spec), .undefine(let spec): spec.name
        case .prepare, .release, .undo: nil
        }
    }

    /// The claim that a plan serves.
    static func claim(of change: Change) -> String? {
        switch change {
        case .start(_, let claim, _, _), .stop(_, let claim, _, _, _): claim
        case .restart(let restart): restart.claim
        case .hotplug(_, let claim, _), .hotUnplug(_, let claim, _, _), .surpriseRemoval(_, let claim, _): claim
        case .prepare, .release, .reset, .define, .undefine, .undo: nil
        }
    }
}

extension Commit {
    /// Queues a plan: its record, the host's queue, and the VM's turn, so that nobody else plans for the same state.
    mutating func queue(_ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        let host = record.plan.host
        let vm = Fleet.vm(of: record.plan.change)
        if let vm { try fleet.requireNoTurn(vm) }
        var record = record
        record.plan.agent = fleet.hosts[host]?.record?.identity?.id
        try put(StateKey.plan(record.plan.id, host: host), record)
        try put(StateKey.queue(host), record.plan.id)
        require(unchanged: StateKey.queue(host), in: fleet)
        guard let vm else { return }
        try put(StateKey.turn(vm), record.plan.id)
        require(unchanged: StateKey.turn(vm), in: fleet)
    }
}

import PatchbayCore

/// Plans that a change of a pool brings with it, and what could not be moved.
struct PoolMoves {
    var plans: [Plan] = []
    var findings: [Finding] = []
}

extension Fleet {
    /// What an eager pool's devices have to do when the pools become what they are here: those that enter go to
    /// vfio-pci, those that leave go back to their drivers. Devices that VMs hold stay where they are.
    ///
    /// - Parameter accepted: risks that whoever changes the pools takes for these plans.
    func moves(from before: Fleet, accepting accepted: [Allowance], planID: () -> String) -> PoolMoves {
        var moves = PoolMoves()
        let oldPools = before.poolList
        let newPools = poolList
        for host in hosts.keys.sorted() {
            guard let state = hosts[host], let old = state.eagerDevices(of: oldPools),
                let new = state.eagerDevices(of: newPools), old != new
            else { continue }
            let planner: Planner
            do throws(Problem) { planner = try self.planner(for: host, accepting: accepted) } catch {
                moves.findings.append(.cannotBeLent(host, error))
                continue
            }
            let leaving = old.subtracting(new).filter { planner.usage.bindings[$0] != nil }
            moves.add(new.subtracting(old), host: host, planner, planID) { .prepare($0) }
            moves.add(leaving, host: host, planner, planID) { .release($0) }
        }
        return moves
    }
}

extension PoolMoves {
    /// One plan for all units that may move; a finding for each that may not.
    fileprivate mutating func add(
        _ devices: some Sequence<DeviceKey>, host: String, _ planner: Planner, _ planID: () -> String,
        _ change: ([DeviceUnit]) -> Change
    ) {
        var units: [DeviceUnit] = []
        for device in devices.sorted() {
            guard let unit = planner.inventory.unit(of: device),
                !unit.members.contains(where: { planner.usage.allocations[$0] != nil }),
                !units.contains(where: { $0.members == unit.members })
            else { continue }
            do {
                let alone = try planner.plan(change([unit]), id: "")
                if !alone.steps.isEmpty || alone.change.isRelease { units.append(unit) }
            } catch {
                findings.append(.cannotBeLent(DeviceID(host: host, key: device).description, error))
            }
        }
        guard !units.isEmpty else { return }
        do { plans.append(try planner.plan(change(units), id: planID())) } catch {
            findings.append(.cannotBeLent(host, error))
        }
    }
}

extension HostState {
    /// Functions that an eager pool matches; bridges never. nil: it has never reported.
    fileprivate func eagerDevices(of pools: [Pool]) -> Set<DeviceKey>? {
        let eager = pools.filter { $0.preparation == .eager }
        // Membership is worked out only where somebody asks for it.
        guard !eager.isEmpty else { return inventory == nil ? nil : [] }
        return devices(of: eager.map(\.name), among: pools)
    }
}

extension Change {
    /// Even without steps it ends something: what Patchbay has taken is its no more.
    fileprivate var isRelease: Bool {
        switch self {
        case .release: true
        case .prepare, .start, .stop, .restart, .hotplug, .hotUnplug, .surpriseRemoval, .reset, .define, .undefine,
            .undo:
            false
        }
    }
}

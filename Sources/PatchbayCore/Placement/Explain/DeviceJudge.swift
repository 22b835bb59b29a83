/// Says of every device of a host why it does not serve a request: the first test that it fails, most telling first.
struct DeviceJudge {
    private let view: HostView
    /// As the VM sees it that is served.
    private let inventory: Inventory
    private let standing: HostStanding
    private let wish: PlacementWish
    private let index: HostIndex
    private let vm: String?
    private let nodes: [NUMANode]?
    private let hood: Neighbourhood?

    /// - Parameter nodes: where the guest sits; nil: it floats.
    init(_ view: HostView, _ standing: HostStanding, _ wish: PlacementWish, near nodes: [NUMANode]?, for vm: String?) {
        self.view = view
        inventory = view.inventory.withoutData(of: vm, view.usage)
        self.standing = standing
        self.wish = wish
        self.vm = vm
        self.nodes = nodes
        index =
            vm.map { [inventory] in
                HostIndex(inventory, view.usage, ignoringDefinitionOf: $0, knowing: view.index.strangers)
            } ?? view.index
        hood = nodes.map { Neighbourhood(of: $0, on: standing.shape) }
    }

    /// The devices that the request asks for, then the others.
    func fits(of number: Int) -> [DeviceFit] {
        let request = wish.requests[number]
        let taken = taken(before: number)
        let host = view.inventory.host.name
        switch request.target {
        case .device(let id):
            guard id.host == host else {
                return [DeviceFit(device: id, request: request.name, reason: .otherHost(id.host))]
            }
            guard let device = view.inventory[id.key] else {
                let reason = Reason(.missing, view.state(of: id.key).reason)
                return [fit(id.key, request, reason)]
            }
            return [fit(id.key, request, reason(device, number, taken))]
        case .pool(let name):
            let devices = view.inventory.devices(of: kind(of: name))
            let asked = devices.filter { view.pools(of: $0.key).contains(name) }
            let others = devices.filter { !view.pools(of: $0.key).contains(name) }
            return lost(request) + asked.map { fit($0.key, request, reason($0, number, taken)) }
                + others.map { other in
                    if let reason = misled(other.key, name) { return fit(other.key, request, reason) }
                    return fit(other.key, nil, notInPool(other, name))
                }
        }
    }

    /// Devices that the VM is to have again and that are nowhere.
    private func lost(_ request: Request) -> [DeviceFit] {
        let had = standing.past?.had[request.name]
        return (had?.lost ?? []).filter { view.inventory[$0] == nil && had?.isNeeded == true }.map {
            fit(
                $0, request,
                Reason(.missing, "\(vm ?? "The VM") had it at its last start, and it is no longer there."))
        }
    }

    /// Of a pool that is not there any more nobody knows; there are no devices of it either.
    private func kind(of pool: String) -> DeviceKind { view.usage.pools.first { $0.name == pool }?.kind ?? .pci }

    /// What the requests before it take, by unit.
    private func taken(before number: Int) -> [Int: Int] {
        let asks = wish.requests.prefix(number).map {
            Ask($0, on: standing, named: view.inventory.host.name)
        }
        guard !asks.isEmpty,
            let allotment = try? Allotter(asks, on: standing.shape, free: standing.free, near: hood).allot()
        else { return [:] }
        var taken: [Int: Int] = [:]
        for (ask, units) in allotment.units.enumerated() { for unit in units { taken[unit] = ask } }
        return taken
    }

    private func fit(_ device: DeviceKey, _ request: Request?, _ reason: Reason?) -> DeviceFit {
        let allocation = view.usage.allocations[device]
        let until = allocation.flatMap { view.usage.claims[$0.claim]?.decision?.expiresAt }
        return DeviceFit(
            device: DeviceID(host: view.inventory.host.name, key: device), request: request?.name, reason: reason,
            holder: reason?.code == .held ? (allocation?.owner ?? view.holder(of: device))?.name : nil,
            until: reason?.code == .held ? until : nil)
    }

    private func reason(_ device: any Device, _ number: Int, _ taken: [Int: Int]) -> Reason {
        let request = wish.requests[number]
        let key = device.key
        if let reason = standingReason(device) { return reason }
        if case .pool(let pool) = request.target,
            let failure = TagTest(request.tags).failure(on: view.tags(of: key, in: pool))
        {
            return Reason(.wrongTags, failure)
        }
        guard let unit = standing.shape.unit(of: key) else { return .inNoPool }
        if let had = standing.past?.had[request.name], had.excludes(unit, count: request.count) {
            return Reason(
                .otherDevice,
                "It fits, but \(vm ?? "the VM") had another device, and the pool is sticky.")
        }
        if let reason = numaReason(unit, request.numa ?? .legacy) { return reason }
        if let other = taken[unit] {
            guard standing.allocated(unit, for: wish.requests[other]).unit.primary == key else {
                return .goesAlong
            }
            return Reason(.takenByRequest, "It serves request \(wish.requests[other].name).")
        }
        if let rival = standing.shape.excluded(by: unit).first(where: { taken[$0] != nil }) {
            return Reason(
                .samePhysicalFunction,
                "It and \(standing.shape.units[rival].members[0].short), which serves another request, exclude each "
                    + "other."
            )
        }
        if isCompanion(key, unit, request) { return .goesAlong }
        return .notEnough(request)
    }

    /// A rule of the pool names the place of the device and means another one; nil: none does.
    private func misled(_ device: DeviceKey, _ pool: String) -> Reason? {
        guard let misled = view.membership.misled[pool]?.first(where: { $0.device == device }) else { return nil }
        let words = ["Rule \"\(misled.rule.name)\" of pool \(pool) was made for another device."]
        return Reason(.deviceChanged, (words + misled.recognition.words).joined(separator: " "))
    }

    /// What stays with the host whatever happens is in no pool for that.
    private func notInPool(_ device: any Device, _ pool: String) -> Reason {
        guard device.isNeverLent, let obstacle = index.obstacle(to: device, in: inventory) else {
            return Reason(.notInPool, "It is not in pool \(pool).")
        }
        return Reason(.host, obstacle.reason(for: device.key))
    }

    /// What is so whatever is asked.
    private func standingReason(_ device: any Device) -> Reason? {
        switch index.holders[device.key] {
        case .claim(let owner, isAttached: true, _): return Reason(.held, "\(owner.words) has it.")
        case .domain(let vm): return Reason(.held, "VM \(vm) has it.")
        case .claim(let owner, isAttached: false, _): return Reason(.held, "It is reserved for \(owner.words).")
        case .definition, nil: break
        }
        if let recognition = standing.past?.strangers[device.key] {
            return Reason(.deviceChanged, recognition.words.joined(separator: " "))
        }
        guard let obstacle = index.obstacle(to: device, in: inventory) else {
            guard view.pools(of: device.key).isEmpty else { return nil }
            return view.membership.misled.keys.sorted().lazy.compactMap { misled(device.key, $0) }.first ?? .inNoPool
        }
        return Reason(obstacle.isOfHost ? .host : .blocked, obstacle.reason(for: device.key))
    }

    private func numaReason(_ unit: Int, _ policy: NUMAPolicy) -> Reason? {
        guard let hood, let nodes, !policy.allowed(hood, [unit]).contains(unit) else { return nil }
        let where_ =
            "the guest's \(nodes.count == 1 ? "node" : "nodes") \(nodes.map(\.description).joined(separator: ", "))"
        guard let node = standing.shape.units[unit].node else {
            return Reason(
                .unknownNUMANode, "The platform does not report its NUMA node, and policy \(policy.rawValue) needs it.")
        }
        return policy == .socket
            ? Reason(.otherSocket, "It is on NUMA node \(node), on another socket than \(where_).")
            : Reason(.otherNUMANode, "It is on NUMA node \(node), not on \(where_).")
    }

    /// Another member of its unit stands for the unit in the pool, or was asked for beside it.
    private func isCompanion(_ device: DeviceKey, _ unit: Int, _ request: Request) -> Bool {
        guard case .pool(let pool) = request.target else { return false }
        let primary = standing.shape.pools[pool]?.primaries[unit] ?? standing.shape.units[unit].members[0]
        return primary != device
    }
}

extension Obstacle {
    /// The host needs or uses the device itself.
    var isOfHost: Bool {
        switch self {
        case .bridge, .hub: true
        case .hostUse(_, let use): use.severity > .unknown
        case .unknown, .unauthorized, .noIOMMU, .noInterruptRemapping, .noGroup, .unreadGroup, .noVFIO,
            .reservedMemory, .stranger, .quarantined, .silent, .mateUse, .virtualFunctions, .mateHeld, .rivalHeld,
            .defined:
            false
        }
    }
}

extension Reason {
    static let inNoPool = Reason(.notInPool, "It is in no pool.")
    static let goesAlong = Reason(.goesAlong, "It is handed over together with another member of its IOMMU group.")

    static func otherHost(_ host: String) -> Reason { Reason(.otherDevice, "It is on host \(host).") }

    /// It would do, and there are too few like it.
    static func notEnough(_ request: Request) -> Reason {
        let count = request.count
        if request.group == .isolate, count > 1 {
            return Reason(.samePhysicalFunction, "It fits, but \(count) from different physical functions are needed.")
        }
        switch request.topology {
        case nil: return Reason(.notEnough, "It fits, but \(count) are needed.")
        case .sameCard?: return Reason(.topology, "It fits, but \(count) on one card are needed.")
        case .sameSwitch?: return Reason(.topology, "It fits, but \(count) below one switch are needed.")
        case .sameRootComplex?: return Reason(.topology, "It fits, but \(count) below one root complex are needed.")
        case .apart?: return Reason(.topology, "It fits, but \(count) on different cards are needed.")
        }
    }
}

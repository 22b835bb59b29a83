extension NUMAPolicy {
    /// Policies that allow more, the strictest first.
    var looser: [NUMAPolicy] {
        switch self {
        case .required: [.socket, .legacy, .preferred]
        case .socket, .legacy: [.preferred]
        case .preferred: []
        }
    }
}

extension PinPolicy {
    /// Policies that take less, the strictest first.
    var looser: [PinPolicy] {
        switch self {
        case .core: [.thread, .shared, .none]
        case .thread: [.shared, .none]
        case .shared: [.none]
        case .none: []
        }
    }
}

extension FixFinder.Trial {
    mutating func apply(_ change: PlacementFix.Change, _ world: PlacementWorld) {
        switch change {
        case .count(let request, let count): edit(request) { $0.count = count }
        case .numa(let request, let policy): edit(request) { $0.numa = policy }
        case .group(let request): edit(request) { $0.group = .none }
        case .topology(let request): edit(request) { $0.topology = nil }
        case .tags(let request): edit(request) { $0.tags = [:] }
        case .optional(let request): edit(request) { $0.isOptional = true }
        case .anyHost: wish.hosts = .any
        case .pin(let policy): wish.guest?.pin = policy
        case .hugepages: wish.guest?.hugepageKiB = nil
        case .processors(let count): wish.guest?.vcpus = count
        case .memory(let size): wish.guest?.memoryMiB = size
        case .release(let id, _, _):
            if let claim = world.claims.first(where: { $0.id == id }) { release(claim, world) }
        case .uncordon(let host):
            guard var standing = index[host] else { return }
            standing.closed = nil
            index.set(host, standing)
        case .markPinned(let host):
            guard var standing = world.standingPinned(host) else { return }
            standing.past = index[host]?.past
            index.set(host, standing)
        case .allow(let code, _):
            for host in wish.namedHosts ?? [] {
                guard var standing = index[host] else { continue }
                standing.past?.allow(code)
                index.set(host, standing)
            }
        }
    }

    /// A claim without a guest takes nothing but its devices.
    private mutating func release(_ claim: Claim, _ world: PlacementWorld) {
        guard let host = claim.host else { return }
        released.append(claim)
        guard claim.owner.vm != nil || claim.decision?.seat != nil else {
            return index.setHeld(claim.units.flatMap(\.unit.members), on: host, false)
        }
        guard var standing = world.standingWithout(released.filter { $0.host == host }) else { return }
        standing.closed = index[host]?.closed
        standing.past = index[host]?.past
        if index[host]?.room?.isPinned == true { standing.room?.isPinned = true }
        index.set(host, standing)
    }

    private mutating func edit(_ request: String, _ body: (inout Request) -> Void) {
        for number in wish.requests.indices where wish.requests[number].name == request { body(&wish.requests[number]) }
    }
}

extension FixFinder {
    /// The smallest change first: waiting, then what the asker can change, then what costs others something.
    static func weight(_ changes: [PlacementFix.Change]) -> (Int, Int) {
        (changes.count, changes.map(weight).max() ?? 0)
    }

    private static func weight(_ change: PlacementFix.Change) -> Int {
        switch change {
        case .numa(_, let policy): 1 + (NUMAPolicy.allCases.firstIndex(of: policy) ?? 0)
        case .group: 6
        case .topology: 7
        case .tags: 8
        case .anyHost: 9
        case .count: 10
        case .allow: 11
        case .pin, .hugepages: 12
        case .memory, .processors: 13
        case .release(_, _, let until): until == nil ? 20 : 14
        case .uncordon: 16
        case .markPinned: 17
        case .optional: 18
        }
    }

    func fix(_ changes: [PlacementFix.Change]) -> PlacementFix {
        let sentences = changes.map(sentence)
        let commands = changes.compactMap(command)
        return PlacementFix(
            changes,
            sentences.count == 1
                ? sentences[0] : sentences.map { String($0.dropLast()) }.joined(separator: ", and: ") + ".",
            commands: commands.count == changes.count ? commands : [])
    }

    private func sentence(_ change: PlacementFix.Change) -> String {
        switch change {
        case .count(let request, let count): "Request \(count) instead of \(wanted(request)) in \(request)."
        case .numa(let request, let policy): "Use NUMA policy \(policy.rawValue) in request \(request)."
        case .group(let request): "Allow the devices of request \(request) to share a physical function."
        case .topology(let request): "Drop the topology policy of request \(request)."
        case .tags(let request): "Drop the tags from request \(request)."
        case .optional(let request): "Make request \(request) optional."
        case .anyHost: "Allow any host."
        case .pin(let policy): "Use CPU pinning \(policy.rawValue)."
        case .hugepages: "Use no huge pages."
        case .processors(let count): "Request \(count) vCPUs."
        case .memory(let size): "Request \(size) MiB of memory."
        case .release(let claim, let holder, let until):
            until == nil
                ? "End claim \(claim) of \(holder)." : "Wait for the lease of claim \(claim) of \(holder), or end it."
        case .uncordon(let host): "Uncordon host \(host)."
        case .markPinned(let host): "Set host \(host) to pinned, so that its CPUs can be dedicated to guests."
        case .allow(.groupChanged, let vm): "Start \(vm) with the IOMMU groups as they are now."
        case .allow(.deviceChanged, let vm): "Start \(vm) with the device that is there now."
        case .allow(_, let vm): "Start \(vm) with other devices than it had."
        }
    }

    private func wanted(_ request: String) -> Int { wish.requests.first { $0.name == request }?.count ?? 0 }

    /// nil: it is changed where the wish is written.
    private func command(_ change: PlacementFix.Change) -> Command? {
        switch change {
        case .release(let id, _, _):
            guard let owner = world.claims.first(where: { $0.id == id })?.owner else { return nil }
            return owner.vm.map { .stopVM($0) } ?? .releaseClaim(id)
        case .uncordon(let host): return .uncordonHost(host)
        case .markPinned(let host): return .pinHost(host)
        case .allow(let code, let vm): return .startVM(vm, allowing: code)
        case .count, .numa, .group, .topology, .tags, .optional, .anyHost, .pin, .hugepages, .processors, .memory:
            return nil
        }
    }
}

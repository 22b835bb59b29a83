/// Which VM has which device of a host, as far as allocations and the hypervisor's own definitions tell.
struct Holders: Sendable {
    /// How a VM holds a device.
    enum Hold: Hashable, Sendable {
        /// A claim of ours has it; the device is in the owner's VM when `isAttached`.
        case claim(ClaimOwner, isAttached: Bool, isReleasing: Bool)
        /// A running domain has it that no claim of ours speaks of.
        case domain(vm: String)
        /// Only the definition of a domain that is off, or that will be restarted, names it.
        case definition(vm: String)

        var owner: ClaimOwner {
            switch self {
            case .claim(let owner, _, _): owner
            case .domain(let vm), .definition(let vm): .vm(vm)
            }
        }
    }

    private let holds: [DeviceKey: Hold]

    /// - Parameter vm: a VM whose own definition does not count, because it is the one that is being served.
    init(_ usage: Usage, ignoringDefinitionOf vm: String? = nil) {
        var holds: [DeviceKey: Hold] = [:]
        for domain in usage.domains where domain.name != vm {
            for device in domain.definedDevices where holds[device] == nil {
                holds[device] = .definition(vm: domain.name)
            }
        }
        for (device, allocation) in usage.allocations {
            let phase = usage.claims[allocation.claim]?.phase
            holds[device] = .claim(
                allocation.owner, isAttached: phase == .attached, isReleasing: phase == .releasing)
        }
        for domain in usage.domains {
            for device in domain.liveDevices {
                if case .claim(let owner, _, let isReleasing)? = holds[device], owner.vm == domain.name {
                    holds[device] = .claim(owner, isAttached: true, isReleasing: isReleasing)
                } else {
                    holds[device] = .domain(vm: domain.name)
                }
            }
        }
        self.holds = holds
    }

    subscript(key: DeviceKey) -> Hold? { holds[key] }
}

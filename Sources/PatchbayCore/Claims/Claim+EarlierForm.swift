/// A server that knew claims of VMs only wrote `vm`, `host` and `units` beside each other; what it wrote is still read.
extension Claim {
    private enum Key: String, CodingKey {
        case id, owner, requests, terms, phase, decision, createdAt
        case vm, host, units
    }

    private enum EarlierPhase: Decodable {
        case allocated, attached, releasing

        var now: Phase {
            switch self {
            case .allocated: .allocated
            case .attached: .attached
            case .releasing: .releasing
            }
        }
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let id = try values.decode(String.self, forKey: .id)
        let requests = try values.decode([Request].self, forKey: .requests)
        guard values.contains(.vm) else {
            self.init(
                id: id, owner: try values.decode(ClaimOwner.self, forKey: .owner), requests: requests,
                terms: try values.decode(ClaimTerms.self, forKey: .terms),
                phase: try values.decode(Phase.self, forKey: .phase),
                decision: try values.decodeIfPresent(ClaimDecision.self, forKey: .decision),
                createdAt: try values.decode(Int.self, forKey: .createdAt))
            return
        }
        self.init(
            id: id, owner: .vm(try values.decode(String.self, forKey: .vm)), requests: requests,
            phase: try values.decode(EarlierPhase.self, forKey: .phase).now,
            decision: ClaimDecision(
                host: try values.decode(String.self, forKey: .host),
                units: try values.decode([AllocatedUnit].self, forKey: .units)))
    }
}

extension Allocation {
    private enum Key: String, CodingKey { case claim, owner, primary, identity, reservation, vm }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let owner: ClaimOwner =
            if let vm = try values.decodeIfPresent(String.self, forKey: .vm) { .vm(vm) } else {
                try values.decode(ClaimOwner.self, forKey: .owner)
            }
        self.init(
            claim: try values.decode(String.self, forKey: .claim), owner: owner,
            primary: try values.decode(DeviceKey.self, forKey: .primary),
            identity: try values.decodeIfPresent(DeviceIdentity.self, forKey: .identity),
            reservation: try values.decodeIfPresent(String.self, forKey: .reservation))
    }
}

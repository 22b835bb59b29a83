/// As stored: the name of the state beside what was decided, `{"phase": "allocated", "decision": {…}, …}`.
extension Claim: Codable {
    private enum CodingKeys: CodingKey { case id, owner, requests, terms, phase, decision, createdAt }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let decision = try values.decodeIfPresent(ClaimDecision.self, forKey: .decision)
        let phase = try values.decode(Phase.self, forKey: .phase)
        guard let state = State(phase, decision) else {
            throw DecodingError.dataCorruptedError(
                forKey: .phase, in: values,
                debugDescription: "It is \(phase.rawValue)" + (decision == nil ? " without" : " with") + " devices.")
        }
        self.init(
            id: try values.decode(String.self, forKey: .id), owner: try values.decode(ClaimOwner.self, forKey: .owner),
            requests: try values.decode([Request].self, forKey: .requests),
            terms: try values.decode(ClaimTerms.self, forKey: .terms), state: state,
            createdAt: try values.decode(Int.self, forKey: .createdAt))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encode(owner, forKey: .owner)
        try values.encode(requests, forKey: .requests)
        try values.encode(terms, forKey: .terms)
        try values.encode(phase, forKey: .phase)
        try values.encodeIfPresent(decision, forKey: .decision)
        try values.encode(createdAt, forKey: .createdAt)
    }
}

extension Claim.State {
    /// nil: they contradict each other.
    fileprivate init?(_ phase: Claim.Phase, _ decision: ClaimDecision?) {
        switch (phase, decision) {
        case (.pending, nil): self = .pending
        case (.allocated, let decision?): self = .allocated(decision)
        case (.attached, let decision?): self = .attached(decision)
        case (.releasing, let decision?): self = .releasing(decision)
        case (.pending, _?), (.allocated, nil), (.attached, nil), (.releasing, nil): return nil
        }
    }
}

/// Plans were written without halves, allowances and their agent; what was written then is still read.
extension Plan {
    private enum Key: String, CodingKey {
        case id, host, change, title, basis, steps, firstHalf, findings, allowed, agent
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try values.decode(String.self, forKey: .id), host: try values.decode(String.self, forKey: .host),
            change: try values.decode(Change.self, forKey: .change),
            title: try values.decode(String.self, forKey: .title),
            basis: try values.decode(String.self, forKey: .basis),
            steps: try values.decode([Step].self, forKey: .steps),
            firstHalf: try values.decodeIfPresent(Int.self, forKey: .firstHalf),
            findings: try values.decode([Finding].self, forKey: .findings),
            allowed: try values.decodeIfPresent([Allowance].self, forKey: .allowed) ?? [],
            agent: try values.decodeIfPresent(String.self, forKey: .agent))
    }
}

extension PlanRecord {
    private enum Key: String, CodingKey {
        case plan, phase, progress, actor, createdAt, endedAt, undoneBy, half, claimBefore, begun, forgets,
            cancellation,
            resolution
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            plan: try values.decode(Plan.self, forKey: .plan), phase: try values.decode(PlanPhase.self, forKey: .phase),
            actor: try values.decode(String.self, forKey: .actor),
            createdAt: try values.decode(Int.self, forKey: .createdAt))
        progress = try values.decode([StepProgress].self, forKey: .progress)
        endedAt = try values.decodeIfPresent(Int.self, forKey: .endedAt)
        undoneBy = try values.decodeIfPresent(String.self, forKey: .undoneBy)
        half = try values.decodeIfPresent(Int.self, forKey: .half) ?? 0
        claimBefore = try values.decodeIfPresent(Claim.self, forKey: .claimBefore)
        begun = try values.decodeIfPresent(String.self, forKey: .begun)
        forgets = try values.decodeIfPresent(VM.self, forKey: .forgets)
        cancellation = try values.decodeIfPresent(Cancellation.self, forKey: .cancellation)
        resolution = try values.decodeIfPresent(Resolution.self, forKey: .resolution)
    }
}

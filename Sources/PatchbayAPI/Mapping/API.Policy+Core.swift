import PatchbayCore
import PatchbayText

extension API.Profile {
    package init(_ profile: PatchbayCore.Profile, revision: Int) {
        self.init(
            name: profile.name, description: profile.summary, vcpus: profile.vcpus, memoryMiB: profile.memoryMiB,
            pin: profile.pin, hugepages: profile.hugepageKiB.map { HugepageWords.size(kibibytes: $0) },
            cells: profile.cells, requests: profile.requests.map(API.Request.init), revision: revision)
    }
}

extension API.ProfileDraft {
    package init(_ profile: PatchbayCore.Profile) {
        self.init(
            name: profile.name, description: profile.summary, vcpus: profile.vcpus, memoryMiB: profile.memoryMiB,
            pin: profile.pin, hugepages: profile.hugepageKiB.map { HugepageWords.size(kibibytes: $0) },
            cells: profile.cells, requests: profile.requests.map(API.RequestDraft.init))
    }

    /// Throws what is wrong with it.
    package func profile() throws(PatchbayCore.Problem) -> PatchbayCore.Profile {
        var profile = PatchbayCore.Profile(
            name: name, summary: description ?? "", vcpus: vcpus, memoryMiB: memoryMiB, pin: pin, cells: cells)
        if let hugepages { profile.hugepageKiB = try HugepageWords.kibibytes(hugepages) }
        for request in requests ?? [] { profile.requests.append(try request.request(beside: profile.requests)) }
        try profile.validate()
        return profile
    }
}

extension API.RequestDraft {
    package init(_ request: PatchbayCore.Request) {
        self.init(
            count: request.count, name: request.name, isOptional: request.isOptional, numa: request.numa,
            groupPolicy: request.group, topology: request.topology, tags: request.tags)
        switch request.target {
        case .pool(let name): pool = name
        case .device(let id): device = id.description
        }
    }

    /// What it asks for, as far as that can be told without knowing the fleet: a device has to be named in full.
    package func request(
        beside others: [PatchbayCore.Request]
    ) throws(PatchbayCore.Problem) -> PatchbayCore.Request {
        let target: PatchbayCore.Request.Target
        switch (pool, device) {
        case (let pool?, nil): target = .pool(pool)
        case (nil, let device?): target = .device(try DeviceID(device))
        case (nil, nil), (.some, .some):
            throw Problem(
                .malformedInput, "Exactly one of \"pool\" and \"device\" is required.",
                next: ["Write {\"pool\": \"NAME\"} or {\"device\": \"HOST/ADDRESS\"}."])
        }
        let request = PatchbayCore.Request(
            name: name ?? target.freeName(beside: others), target: target, count: count ?? 1,
            isOptional: isOptional ?? false, numa: numa, group: groupPolicy ?? .none, topology: topology,
            tags: tags ?? [:])
        try request.validate()
        return request
    }
}

extension API.PoolDraft {
    /// The whole of a pool.
    package init(_ pool: PatchbayCore.Pool) {
        self.init(
            name: pool.name, kind: pool.kind, description: pool.summary, deviceClass: pool.deviceClass,
            preparation: pool.preparation, rules: pool.rules.map(API.Rule.init), sticky: pool.stickiness,
            guestReset: pool.guestReset)
    }
}

extension API.Pool {
    /// The pool itself, without what it matches. Throws when a newer server tells of what is not known here.
    package var definition: PatchbayCore.Pool {
        get throws(PatchbayCore.Problem) {
            try API.PoolDraft(
                name: name, description: description, deviceClass: deviceClass, preparation: preparation, rules: rules,
                sticky: sticky, guestReset: guestReset
            ).applied(to: PatchbayCore.Pool(name: name, kind: kind))
        }
    }
}

extension API.Profile {
    /// The profile as a value. Throws when a newer server tells of what is not known here.
    package var definition: PatchbayCore.Profile {
        get throws(PatchbayCore.Problem) {
            var draft = API.ProfileDraft(
                name: name, description: description, vcpus: vcpus, memoryMiB: memoryMiB, pin: pin,
                hugepages: hugepages, cells: cells)
            draft.requests = requests.map { request in
                API.RequestDraft(
                    pool: request.pool, device: request.device, count: request.count, name: request.name,
                    isOptional: request.isOptional, numa: request.numa, groupPolicy: request.groupPolicy,
                    topology: request.topology, tags: request.tags)
            }
            return try draft.profile()
        }
    }
}

import PatchbayAPI
import PatchbayCore

extension Fleet {
    /// The request that is meant; its name is made from what it asks for when it has none.
    func wish(_ draft: API.RequestDraft, for vm: VM) throws(Problem) -> Request {
        let wish = try wish(draft, besides: vm.requests, of: "\"\(vm.name)\"")
        if case .device(let id) = wish.target { try requireSuitable(id, for: vm) }
        return wish
    }

    /// - Parameter owner: who asks, in words.
    func wish(
        _ draft: API.RequestDraft, besides others: [Request], of owner: String
    ) throws(Problem) -> Request {
        let target = try target(of: draft)
        let request = Request(
            name: try requestName(draft.name, for: target, besides: others, of: owner), target: target,
            count: draft.count ?? 1, isOptional: draft.isOptional ?? false, numa: draft.numa,
            group: draft.groupPolicy ?? .none, topology: draft.topology, tags: draft.tags ?? [:])
        try request.validate()
        return request
    }

    private func target(of draft: API.RequestDraft) throws(Problem) -> Request.Target {
        switch (draft.pool, draft.device) {
        case (let name?, nil): return .pool(try pool(name).value.name)
        case (nil, let name?): return .device(try device(named: name))
        case (nil, nil), (.some, .some):
            throw Problem(
                .malformedInput, "Exactly one of \"pool\" and \"device\" is required.",
                next: ["Write {\"pool\": \"NAME\"} or {\"device\": \"HOST/ADDRESS\"}."])
        }
    }

    /// In a pool, on the VM's host, lendable, and nobody else's.
    private func requireSuitable(_ id: DeviceID, for vm: VM) throws(Problem) {
        guard id.host == vm.host else {
            throw Problem(
                .notAssignable, "\(id.short) is not on \(vm.host), where \"\(vm.name)\" is.",
                next: [NextStep("List its devices", .listDevices(host: vm.host))])
        }
        try requirePool(of: id)
        if let other = vm.requests.first(where: { $0.target == .device(id) }) {
            throw Problem(
                .alreadyExists, "\"\(vm.name)\" already requests \(id.short).", evidence: ["request \(other.name)"],
                next: [NextStep("Nothing needs to be done; see", .showVM(vm.name))])
        }
        for member in try unit(of: id).members {
            guard let holder = hosts[id.host]?.allocations[member], holder.owner.vm != vm.name else { continue }
            throw .taken(id, by: holder)
        }
    }

    private func requestName(
        _ wanted: String?, for target: Request.Target, besides others: [Request], of owner: String
    ) throws(Problem) -> String {
        guard let wanted, !wanted.isEmpty else { return target.freeName(beside: others) }
        guard !others.contains(where: { $0.name == wanted }) else {
            throw Problem(
                .alreadyExists, "\(owner) already has a request \"\(wanted)\".",
                next: ["Choose another name, or omit it."])
        }
        return wanted
    }

    /// The pool has fewer devices on the VM's host than all its requests for it want.
    func shortage(of wish: Request, in vm: VM) -> [Finding] {
        guard case .pool(let name) = wish.target, pools[name] != nil,
            let there = hosts[vm.host]?.devices(of: [name], among: poolList)?.count
        else { return [] }
        let wanted = vm.requests.filter { $0.target == wish.target }.reduce(0) { $0 + $1.count }
        guard wanted > there else { return [] }
        return [
            Finding(
                "pool-too-small", .warning, subject: "pool \(name)",
                "\(vm.name) requests \(wanted) of pool \(name), which has \(there) on \(vm.host).",
                next: [NextStep("See them", .showPool(name))])
        ]
    }
}

extension Problem {
    static func taken(_ id: DeviceID, by holder: Allocation) -> Problem {
        Problem(
            .deviceTaken, "\(id.short) is held by \"\(holder.owner.name)\".",
            evidence: [
                "\(DeviceID(host: id.host, key: holder.primary).short): \(holder.owner.name), claim \(holder.claim)"
            ],
            next: [holder.owner.toEnd, "Or attach any device of a pool instead."])
    }
}

import PatchbayCore

extension API.Explanation {
    /// - Parameter describe: a device's name, and the reservation it was taken from.
    package init(
        _ explanation: PatchbayCore.Explanation, _ describe: (DeviceID) -> (name: String, reservation: String?)
    ) {
        self.init(
            fits: explanation.decision != nil, host: explanation.decision?.host,
            devices: explanation.decision.map { API.ClaimDevice.all(of: $0, describe) } ?? [],
            seat: explanation.decision?.seat.map(API.Seat.init),
            scores: explanation.scores.map { API.Score(name: $0.name, value: $0.value, sentence: $0.sentence) },
            hosts: explanation.hosts.map { API.HostFit($0, describe) }, fixes: explanation.fixes.map(API.Fix.init))
    }
}

extension API.Reason {
    package init(_ reason: PatchbayCore.Reason) { self.init(code: reason.code, sentence: reason.sentence) }
}

extension API.HostFit {
    package init(
        _ fit: PatchbayCore.HostFit, _ describe: (DeviceID) -> (name: String, reservation: String?)
    ) {
        self.init(
            host: fit.host, alike: fit.alike, reason: fit.reason.map(API.Reason.init),
            devices: fit.devices.map {
                API.DeviceFit(
                    device: $0.device.description, name: describe($0.device).name, request: $0.request,
                    reason: $0.reason.map(API.Reason.init), holder: $0.holder, until: $0.until)
            })
    }
}

extension API.Fix {
    package init(_ fix: Relaxation) {
        var request: String?
        var claim: String?
        var until: Int?
        let word: String
        // Where two only help together, the first names both: the sentence says the rest.
        switch fix.changes[0] {
        case .count(let name, _): (word, request) = ("count", name)
        case .numa(let name, _): (word, request) = ("numa", name)
        case .group(let name): (word, request) = ("group", name)
        case .topology(let name): (word, request) = ("topology", name)
        case .tags(let name): (word, request) = ("tags", name)
        case .optional(let name): (word, request) = ("optional", name)
        case .anyHost: word = "any-host"
        case .pin: word = "pin"
        case .hugepages: word = "hugepages"
        case .processors: word = "processors"
        case .memory: word = "memory"
        case .release(let id, _, let end): (word, claim, until) = ("release", id, end)
        case .uncordon: word = "uncordon"
        case .markPinned: word = "mark-pinned"
        }
        self.init(
            change: word, request: request, sentence: fix.sentence, command: fix.command, claim: claim, until: until)
    }
}

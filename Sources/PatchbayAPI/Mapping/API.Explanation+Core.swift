import PatchbayCore
import PatchbayText

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
            hosts: explanation.hosts.map { API.HostFit($0, describe) }, fixes: explanation.fixes.map(API.Fix.init),
            isServed: explanation.isServed ? true : nil)
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
    package init(_ fix: PlacementFix) {
        let parts = fix.changes.map(Part.init)
        let only = parts.count == 1 ? parts[0] : Part(change: "several")
        self.init(
            change: only.change, request: only.request, value: only.value, host: only.host, sentence: fix.sentence,
            command: fix.commands.isEmpty ? nil : fix.commands.text, claim: only.claim, until: only.until,
            parts: parts.count == 1 ? nil : parts)
    }
}

extension API.Fix.Part {
    init(_ change: PlacementFix.Change) {
        self.init(change: change.word)
        switch change {
        case .count(let request, let count): (self.request, value) = (request, String(count))
        case .numa(let request, let policy): (self.request, value) = (request, policy.rawValue)
        case .group(let request): (self.request, value) = (request, GroupPolicy.none.rawValue)
        case .topology(let request), .tags(let request), .optional(let request): self.request = request
        case .anyHost, .hugepages: break
        case .pin(let policy): value = policy.rawValue
        case .processors(let count): value = String(count)
        case .memory(let mebibytes): value = String(mebibytes)
        case .release(let id, _, let end): (claim, until) = (id, end)
        case .allow(let code, _): value = code.rawValue
        case .uncordon(let host), .markPinned(let host): self.host = host
        }
    }
}

extension PlacementFix.Change {
    fileprivate var word: String {
        switch self {
        case .count: "count"
        case .numa: "numa"
        case .group: "group"
        case .topology: "topology"
        case .tags: "tags"
        case .optional: "optional"
        case .anyHost: "any-host"
        case .pin: "pin"
        case .hugepages: "hugepages"
        case .processors: "processors"
        case .memory: "memory"
        case .release: "release"
        case .uncordon: "uncordon"
        case .markPinned: "mark-pinned"
        case .allow: "allow"
        }
    }
}

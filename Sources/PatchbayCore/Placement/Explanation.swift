/// Why a claim is served as it is, or why it is not: what every door shows.
package struct Explanation: Hashable, Codable, Sendable {
    /// What was decided, or would be; nil: nothing fits.
    package var decision: ClaimDecision?
    /// It was decided, and holds: `decision` is what the claim has.
    package var isServed: Bool
    /// What decided between the hosts and devices that would do, the weightiest first; empty where nothing fits.
    package var scores: [PlacementScore]
    /// Every host, or the first of those that are alike; the ones that would do first, then those that lack least.
    package var hosts: [HostFit]
    /// Small changes each of which, by itself, makes the claim fit; tried, not guessed. The smallest first.
    package var fixes: [PlacementFix]

    package init(
        decision: ClaimDecision? = nil, scores: [PlacementScore] = [], hosts: [HostFit] = [],
        fixes: [PlacementFix] = [], isServed: Bool = false
    ) {
        self.decision = decision
        self.isServed = isServed
        self.scores = scores
        self.hosts = hosts
        self.fixes = fixes
    }
}

/// A named small number that spoke for the host that was chosen.
package struct PlacementScore: Hashable, Codable, Sendable {
    /// `numa-distance`, `free-left`, `alternatives`: stable.
    package var name: String
    /// Less is better.
    package var value: Int
    package var sentence: String

    package init(_ name: String, _ value: Int, _ sentence: String) {
        self.name = name
        self.value = value
        self.sentence = sentence
    }
}

/// What a host says to a claim.
package struct HostFit: Hashable, Codable, Sendable {
    package var host: String
    /// How many more hosts say the very same, and are not listed.
    package var alike: Int
    /// nil: it would serve the claim.
    package var reason: Reason?
    /// The devices that the claim asks for, then the others; empty where the host as a whole is out.
    package var devices: [DeviceFit]

    package init(host: String, alike: Int = 0, reason: Reason?, devices: [DeviceFit] = []) {
        self.host = host
        self.alike = alike
        self.reason = reason
        self.devices = devices
    }
}

/// What becomes of a device in one claim.
package struct DeviceFit: Hashable, Codable, Sendable {
    package var device: DeviceID
    /// The request it would serve, or that it is measured by; nil: it is asked for by none.
    package var request: String?
    /// The first test it fails; nil: it serves the request.
    package var reason: Reason?
    /// Who has it, where somebody has.
    package var holder: String?
    /// When the holder's lease ends; milliseconds since 1970-01-01T00:00:00Z. nil: nobody knows.
    package var until: Int?

    package init(
        device: DeviceID, request: String?, reason: Reason?, holder: String? = nil, until: Int? = nil
    ) {
        self.device = device
        self.request = request
        self.reason = reason
        self.holder = holder
        self.until = until
    }
}

/// A test that was not passed.
package struct Reason: Hashable, Codable, Sendable {
    /// Stable, for machines.
    package enum Code: String, Codable, Sendable, CaseIterable {
        // of a device
        case held, blocked, host, missing, notInPool = "not-in-pool", otherDevice = "other-device"
        case deviceChanged = "device-changed"
        case otherNUMANode = "other-numa-node", unknownNUMANode = "unknown-numa-node", otherSocket = "other-socket"
        case wrongTags = "wrong-tags", samePhysicalFunction = "same-physical-function"
        case topology, goesAlong = "goes-along", takenByRequest = "taken-by-request", notEnough = "not-enough"
        // of a host
        case otherHost = "other-host", labels, cordoned, offline, unreadable, notPinned = "not-pinned"
        case gone, processors, memory, hugepages, cells, tooHard = "too-hard", groupChanged = "group-changed"
    }

    package var code: Code
    /// One sentence, read beside the device or host.
    package var sentence: String

    package init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }
}

/// A change that makes a claim fit.
package struct PlacementFix: Hashable, Codable, Sendable {
    package enum Change: Hashable, Codable, Sendable {
        /// Ask for fewer.
        case count(request: String, Int)
        case numa(request: String, NUMAPolicy)
        case group(request: String)
        case topology(request: String)
        case tags(request: String)
        /// Start without it.
        case optional(request: String)
        /// Allow any host.
        case anyHost
        case pin(PinPolicy)
        case hugepages
        case processors(Int)
        case memory(MiB: Int)
        /// End a claim; `until`: when its lease ends by itself.
        case release(claim: String, holder: String, until: Int?)
        case uncordon(host: String)
        case markPinned(host: String)
        /// Take the devices and groups of a VM for what they are now.
        case allow(ProblemCode, vm: String)
    }

    /// One, or two that only help together.
    package var changes: [Change]
    /// `Ask for 3 instead of 4 of pool gpus.`
    package var sentence: String
    /// What does it, one after the other; empty: it is changed where the wish is written.
    package var commands: [Command]

    package init(_ change: Change, _ sentence: String, commands: [Command] = []) {
        self.init([change], sentence, commands: commands)
    }

    package init(_ changes: [Change], _ sentence: String, commands: [Command] = []) {
        self.changes = changes
        self.sentence = sentence
        self.commands = commands
    }

    /// As it is told beside a refusal: a sentence before a command has no full stop.
    package var step: NextStep {
        guard !commands.isEmpty else { return NextStep(sentence) }
        return NextStep(sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence, commands)
    }
}

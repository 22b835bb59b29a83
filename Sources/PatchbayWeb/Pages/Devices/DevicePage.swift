import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// Everything about one device: why it is in this state, what can be done with it, what is known of it and what happened.
struct DevicePage: Sendable, Hashable {
    let id: String
    let device: String
    let shortID: String
    let name: String
    let mark: StateMark
    let reason: String
    let host: Anchor
    let kind: Anchor
    /// nil: it is not there.
    let verdict: VerdictMark?
    let isSilent: Bool
    let waysOut: [String]
    let uses: [EvidenceChain]
    let handover: [String]
    let part: Part
    let pools: [Anchor]
    let vm: Anchor?
    let claim: Anchor?
    let history: [EventLine]
    let lines: [DeviceLine]
    let attachChoices: [Choice]
    let canAttach: Bool
    let canMakePassthrough: Bool
    /// Why it cannot be made passthrough; empty: it can, or nobody would think so.
    let passthroughObstacle: String
    let passthroughHref: String
    let canDetach: Bool
    let canBeGone: Bool
    let goneHref: String
    let canPrepare: Bool
    let preparationHint: String
    let canRelease: Bool
    let canReturn: Bool
    let base: String
    let fragment: String

    /// What only devices of its kind have.
    struct Part: Sendable, Hashable {
        let facts: [Fact]
        let cards: [StoryCard]
        /// nil: the IOMMU has nothing to do with it.
        let isolation: Isolation?
        /// nil: it is plugged into no bus.
        let plug: Plug?
        /// USB devices of this controller.
        let usb: [USBRow]
        let hasUSB: Bool
    }

    /// - Parameters:
    ///   - claim: the one that has it.
    ///   - events: its own, newest first.
    ///   - refusal: what the server says to handing it over; nil: it would.
    init(
        _ device: API.Device, part: Part, vms: [API.VM], claim: API.Claim? = nil, events: [API.Event],
        refusal: Problem? = nil, now: Int
    ) {
        self.id = "device-\(device.elementID)"
        self.device = device.id
        self.shortID = device.shortID
        self.name = device.briefName
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.host = Anchor(text: device.host, href: Link.host(device.host))
        self.kind = Anchor(text: device.kind.label, href: Link.devices(kind: device.kind))
        self.verdict = device.state == .missing ? nil : VerdictMark(device.verdict)
        self.isSilent = device.waysOut != nil
        self.waysOut = device.waysOut ?? []
        self.uses = device.hostUses.map(EvidenceChain.init)
        self.handover = DeviceHandover.words(of: device, refusal: refusal)
        self.part = part
        self.pools = device.pools.map { Anchor(text: $0, href: Link.pool($0)) }
        self.vm = device.vm.map { Anchor(text: $0, href: Link.vm($0)) }
        self.claim = claim.map { Anchor(text: $0.id, href: Link.claim($0.id)) }
        self.history = events.prefix(12).map { EventLine($0, now: now) }
        self.attachChoices = vms.filter { $0.host == device.host }.map { Choice($0.name, $0.words(for: device.kind)) }
        // What only a risk that a person may take keeps with the host can be asked for: the sheet says so.
        let risk = refusal.map(\.code).flatMap { $0.canBeAllowed ? $0 : nil }
        let canBeTaken = device.state == .free || risk != nil
        self.canAttach = device.state == .free && !device.pools.isEmpty && !attachChoices.isEmpty
        self.canMakePassthrough = canBeTaken && (refusal == nil || risk != nil)
        self.passthroughObstacle = canMakePassthrough || device.isBridge ? "" : device.reason
        self.canDetach = device.canBeDetached(from: vms)
        self.canBeGone = !device.isBridge && device.state != .missing
        self.passthroughHref = "/passthrough?device=\(Percent.encode(device.id))"
        self.goneHref = Link.whatIf(.deviceGone, device.shortID)
        self.canPrepare = canBeTaken && !device.pools.isEmpty && device.binding == nil
        self.preparationHint = device.kind.preparationHint
        self.canReturn = device.canBeReturned
        self.canRelease = canBeTaken && device.binding != nil
        self.lines = DeviceLine.lines(
            of: device, attachTo: canAttach ? attachChoices : [], canDetach: canDetach, risk: risk)
        self.base = Link.device(device)
        self.fragment = "/fragments" + Link.device(device)
    }
}

extension API.VM {
    /// Devices of the kind go in at once.
    func getsAtOnce(_ kind: DeviceKind) -> Bool { state == .running && kind.type.canBeHotplugged }

    /// As a choice of where a device goes: `build-3 · running, gets it at once`.
    fileprivate func words(for kind: DeviceKind) -> String {
        "\(name) · \(state.rawValue)" + (getsAtOnce(kind) ? ", gets it at once" : "")
    }
}

/// Why the host needs a device: from the file system or route down to the function.
struct EvidenceChain: Sendable, Hashable {
    let sentence: String
    let links: [String]
    let severity: String

    init(_ use: API.HostUse) {
        self.sentence = use.sentence.split(separator: ":").first.map(String.init) ?? use.reason
        self.links = use.chain
        self.severity = HostUse.Severity(rawValue: use.severity).map { HostVerdict($0).words } ?? use.severity
    }
}

import PatchbayAPI
import PatchbayCore

/// Everything about one device: why it is in this state, who it goes with, what happened to it.
struct DevicePage: Sendable, Hashable {
    let id: String
    let device: String
    let shortID: String
    let name: String
    let mark: StateMark
    let reason: String
    let host: Anchor
    let facts: [Fact]
    let verdict: VerdictMark
    let isSilent: Bool
    let waysOut: [String]
    let uses: [EvidenceChain]
    let isolation: GroupRow?
    let cards: [StoryCard]
    let handover: [String]
    let groupTitle: String
    let groupHref: String
    let members: [DeviceRow]
    let goesAlong: String
    let staysBehind: String
    let parked: String
    let pools: [Anchor]
    let isInNoPool: Bool
    let vm: Anchor?
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
    let canRelease: Bool
    let canReturn: Bool
    let fragment: String

    /// - Parameters:
    ///   - group: has the device itself among its members; nil when there is none.
    ///   - events: its own, newest first.
    ///   - refusal: what the server says to handing it over; nil: it would.
    init(
        _ device: API.Device, group: API.Group?, vms: [API.VM], events: [API.Event], refusal: Problem? = nil, now: Int
    ) {
        self.id = "device-\(device.elementID)"
        self.device = device.id
        self.shortID = device.shortID
        self.name = device.name
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.host = Anchor(text: device.host, href: Link.host(device.host))
        self.facts = Self.facts(of: device)
        self.verdict = VerdictMark(device.verdict)
        self.isSilent = device.waysOut != nil
        self.waysOut = device.waysOut ?? []
        self.isolation = group.map(GroupRow.init)
        self.cards = StoryCard.cards(of: DeviceStory.make(device)).filter { $0.title != "Isolation" }
        self.uses = device.hostUses.map(EvidenceChain.init)
        self.handover = DeviceHandover.words(of: device, refusal: refusal)
        self.groupTitle = Self.groupTitle(of: device, group: group)
        self.groupHref = Link.devices(filter: "host=\(device.host) group=\(device.groupText)")
        self.members = (group?.members ?? []).map { DeviceRow($0) }
        self.goesAlong = device.companions.joined(separator: ", ")
        self.staysBehind = device.bridges.joined(separator: ", ")
        self.parked = (device.parked ?? []).joined(separator: ", ")
        self.pools = device.pools.map { Anchor(text: $0, href: Link.pool($0)) }
        self.isInNoPool = device.pools.isEmpty && !device.isBridge
        self.vm = device.vm.map { Anchor(text: $0, href: Link.vm($0)) }
        self.history = events.prefix(12).map { EventLine($0, now: now) }
        self.attachChoices = vms.filter { $0.host == device.host }.map {
            Choice($0.name, "\($0.name) · \($0.state.rawValue)")
        }
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
        self.canReturn = device.canBeReturned
        self.canRelease = canBeTaken && device.binding != nil
        self.lines = DeviceLine.lines(
            of: device, attachTo: canAttach ? attachChoices : [], canDetach: canDetach, risk: risk)
        self.fragment = "/fragments" + Link.device(device)
    }

    private static func groupTitle(of device: API.Device, group: API.Group?) -> String {
        guard let number = device.iommuGroup else { return "No IOMMU group" }
        let others = (group?.members.count ?? 1) - 1
        return others == 0 ? "Group \(number), alone" : "Group \(number), with \(others) more"
    }

    private static func facts(of device: API.Device) -> [Fact] {
        var facts = [
            Fact(
                "Identity",
                ["\(device.vendorID):\(device.deviceID)", device.revision.map { "rev \($0)" }, device.role]
                    .compactMap { $0 }.joined(separator: " · ")),
            Fact("Class", [device.className, device.classCode].compactMap { $0 }.joined(separator: " · ")),
        ]
        if let subsystem = device.subsystemID {
            facts.append(
                Fact("Subsystem", [subsystem, device.subsystemName].compactMap { $0 }.joined(separator: " · ")))
        }
        facts.append(
            Fact("Place", device.numaNode.map { "NUMA \($0) · \(device.topologyPath)" } ?? device.topologyPath))
        facts.append(Fact("Driver", driver(of: device)))
        if let total = device.totalVFs {
            facts.append(Fact("Virtual functions", "\(device.activeVFs ?? 0) of \(total)"))
        }
        if let parent = device.parent {
            facts.append(Fact("Made by", parent, href: Link.device(id: "\(device.host)/\(parent)")))
        }
        facts.append(
            Fact(
                "Reset",
                device.resetMethods.map { $0.isEmpty ? "none" : $0.joined(separator: ", ") }
                    ?? "the kernel does not say"))
        if !device.nodes.isEmpty { facts.append(Fact("Carries", device.nodes.joined(separator: ", "))) }
        if !device.bars.isEmpty {
            let bars = device.bars.map { "\($0.index): \(ByteCount.words($0.sizeBytes)) \($0.kind)" }
            facts.append(Fact("Memory", bars.joined(separator: " · ")))
        }
        return facts
    }

    private static func driver(of device: API.Device) -> String {
        let driver = device.driver ?? "none"
        guard let binding = device.binding else { return driver }
        return "\(driver), was \(binding.originalDriver ?? "without one") before plan \(binding.plan)"
    }
}

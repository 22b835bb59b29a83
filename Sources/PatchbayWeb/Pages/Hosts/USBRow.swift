import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// A USB device of a host, and how it stands.
struct USBRow: Sendable, Hashable {
    let port: String
    /// Empty: a hub, which has no page.
    let href: String
    let name: String
    let ids: String
    let controller: String
    let controllerHref: String
    let speed: String
    let driver: String
    let serial: String
    let pools: [Anchor]
    let mark: StateMark
    let reason: String
    let vm: Anchor?
    /// Who has it; empty: nobody.
    let holder: String
    /// nil: it is not there.
    let verdict: VerdictMark?
    let use: String

    init(_ device: API.USBDevice) {
        let controller = device.controller.map { DeviceName("\(device.host)/\($0)") }
        self.port = device.name
        self.href = device.kind == "device" ? Link.device(id: device.id) : ""
        self.name = device.title
        self.ids = "\(device.vendorID):\(device.productID)"
        self.controller = controller?.address ?? "–"
        self.controllerHref = controller?.href ?? ""
        self.speed = device.speedKbps.map(USBStory.speed) ?? "–"
        self.driver = Set(device.interfaces.compactMap(\.driver)).sorted().joined(separator: ", ")
        self.serial =
            device.serial.map { device.isSerialUnique ? $0 : "\($0), not unique" } ?? "none: recognised by its port"
        self.pools = device.pools.map { Anchor(text: $0, href: Link.pool($0)) }
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.vm = device.vm.map { Anchor(text: $0, href: Link.vm($0)) }
        self.holder = device.holder ?? ""
        self.verdict = device.state == .missing ? nil : VerdictMark(device.verdict)
        self.use = (device.hostUses.map(\.words) + device.nodes).joined(separator: " · ")
    }
}

/// Whether the host needs something: word and colour.
struct VerdictMark: Sendable, Hashable {
    let word: String
    let meaning: String
    let css: String

    init(_ verdict: HostVerdict) {
        word = verdict.words
        meaning = verdict.meaning
        css =
            switch verdict {
            case .critical: "bad"
            case .inUse, .unknown, .dataAtRisk: "attention"
            case .free: "good"
            }
    }
}

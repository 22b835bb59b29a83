import PatchbayAPI
import PatchbayCore

/// A USB device in a list.
struct USBRow: Sendable, Hashable {
    let port: String
    let name: String
    let ids: String
    let controller: String
    let controllerHref: String
    let speed: String
    let driver: String
    let serial: String
    let verdict: VerdictMark
    let use: String

    init(_ device: API.USBDevice) {
        port = device.name
        name = device.title
        ids = "\(device.vendorID):\(device.productID)"
        controller = device.controller.map(Self.short) ?? "–"
        controllerHref = device.controller.map { Link.device(id: "\(device.host)/\($0)") } ?? ""
        speed = device.speedKbps.map(USBStory.speed) ?? "–"
        driver = Set(device.interfaces.compactMap(\.driver)).sorted().joined(separator: ", ")
        serial = device.serial.map { device.isSerialUnique ? $0 : "\($0), not unique" } ?? "none: known by its port"
        verdict = VerdictMark(device.verdict)
        use = (device.hostUses.map(\.words) + device.nodes).joined(separator: " · ")
    }

    private static func short(_ address: String) -> String {
        address.hasPrefix("0000:") ? String(address.dropFirst(5)) : address
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

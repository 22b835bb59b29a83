import PatchbayAPI
import PatchbayCore

/// A device on the Bay: where a cable starts.
struct Jack: Sendable, Hashable {
    /// How a cable is drawn, where there is one.
    enum Cable: String, Sendable { case none, attached, allocated }

    let id: String
    let device: String
    let name: String
    let address: String
    let mark: StateMark
    let spokenName: String
    /// Devices of one unit light up together.
    let unit: String
    let href: String
    /// The VM at the other end, and the kind of cable: `attached`, `allocated`, or empty.
    let plug: String
    let cable: String
    let plugText: String
    let cableCSS: String
    /// Why it cannot be given away; empty where the state says enough.
    let obstacle: String
    /// Host and blocked devices stand back, so that free ones stand out.
    let isMuted: Bool
    /// A free one can be connected, one that is attached to a VM pulled out.
    let move: String

    init(_ device: API.Device) {
        self.id = "jack-\(device.elementID)"
        self.device = device.id
        self.name = device.briefName
        self.address = device.address
        self.mark = StateMark(device.state)
        self.spokenName = device.spokenName
        self.unit = device.iommuGroup.map { "\(device.host)-\($0)" } ?? device.id
        self.href = Link.device(device)
        let cable = Self.cable(of: device)
        self.cable = cable == .none ? "" : cable.rawValue
        self.plug = cable == .none ? "" : device.vm ?? ""
        self.cableCSS = device.vm.map(CableColour.css) ?? ""
        self.plugText =
            switch cable {
            case .none: ""
            case .attached: "attached to \(device.holder ?? "")"
            case .allocated: "held for \(device.holder ?? "")"
            }
        switch device.state {
        case .free: (self.obstacle, self.isMuted, self.move) = ("", false, "connect")
        case .attached: (self.obstacle, self.isMuted, self.move) = ("", false, device.vm == nil ? "" : "pull")
        case .allocated: (self.obstacle, self.isMuted, self.move) = ("", false, "")
        case .host: (self.obstacle, self.isMuted, self.move) = ("", true, "")
        case .blocked, .missing, .quarantined: (self.obstacle, self.isMuted, self.move) = (device.reason, true, "")
        }
    }

    private static func cable(of device: API.Device) -> Cable {
        guard device.holder != nil else { return .none }
        return switch device.state {
        case .attached: .attached
        case .allocated, .missing: .allocated
        case .free, .host, .blocked, .quarantined: .none
        }
    }
}

import PatchbayAPI
import PatchbayCore

struct SelectedDevice: Sendable, Hashable {
    let device: String
    let shortID: String
    let href: String
    let name: String
    let mark: StateMark
    let group: String
    let reason: String
    let along: String
    /// Whether a driver has to let go, and whether the host has to reboot.
    let handover: String
    /// Why it is refused by itself; empty: it is not, or nobody asked.
    let refusal: String

    /// - Parameter reboot: its host must reboot first.
    init(_ device: API.Device, reboot: Bool, refusal: Problem? = nil) {
        self.device = device.id
        self.shortID = device.shortID
        self.href = Link.device(device)
        self.name = device.briefName
        self.mark = StateMark(device.state)
        self.group = device.groupText
        self.reason = device.reason
        self.along = device.companions.isEmpty ? "nothing" : device.companions.joined(separator: ", ")
        self.refusal = refusal?.detail ?? ""
        let letting =
            switch device.driver {
            case nil, PCIFunction.vfioDriver?: "no driver has to be unbound"
            case let drivers?:
                "\(drivers.replacing(",", with: ", ")) \(drivers.contains(",") ? "let" : "lets") go of it"
            }
        let rest = device.kind.needsIOMMU ? reboot ? ", host must reboot first" : ", no reboot" : ""
        self.handover = device.state == .free ? letting + rest : "cannot be lent in its present state"
    }
}

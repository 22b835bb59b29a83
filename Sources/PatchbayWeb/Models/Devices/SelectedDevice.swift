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
    let driver: String
    /// Whether a driver has to let go, and whether the host has to reboot.
    let handover: String

    init(_ device: API.Device, reboot: Bool) {
        self.device = device.id
        self.shortID = device.shortID
        self.href = Link.device(device)
        self.name = device.briefName
        self.mark = StateMark(device.state)
        self.group = device.groupText
        self.reason = device.reason
        self.along = device.companions.isEmpty ? "nothing" : device.companions.joined(separator: ", ")
        self.driver = device.driver ?? "none"
        let unload =
            switch device.driver {
            case nil, "vfio-pci": "no driver to unload"
            case .some(let driver): "unloads \(driver) from it"
            }
        self.handover =
            device.state == .free
            ? "\(unload), \(reboot ? "host must reboot first" : "no reboot")" : "not handed over as it is"
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// A device in a list.
struct DeviceRow: Sendable, Hashable {
    let href: String
    let address: String
    let name: String
    let mark: StateMark
    let reason: String
    let use: String
    let useLink: String?
    let host: String

    init(_ device: API.Device) {
        self.href = Link.device(device)
        self.address = device.shortAddress
        self.name = device.briefName
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.host = device.host
        if let vm = device.vm {
            (self.use, self.useLink) = (vm, Link.vm(vm))
        } else if let holder = device.holder {
            (self.use, self.useLink) = (holder, nil)
        } else if let pool = device.pools.first, device.state == .free {
            (self.use, self.useLink) = ("pool \(device.pools.joined(separator: ", "))", Link.pool(pool))
        } else {
            (self.use, self.useLink) = (device.state == .free ? "no pool" : device.reason, nil)
        }
    }
}

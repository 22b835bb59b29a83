import PatchbayAPI
import PatchbayCore

/// A device that a claim has, or would get.
struct GrantedDevice: Sendable, Hashable {
    let name: String
    let address: String
    let href: String
    /// `a100-1`, `comes along`
    let role: String
    let isCompanion: Bool
    /// The claim of the reservation that it was taken from.
    let reservation: Anchor?

    init(_ device: API.ClaimDevice) {
        let id = DeviceName(device.device)
        self.name = device.name
        self.address = id.short
        self.href = id.href
        self.role = device.isCompanion ? "comes along" : device.request
        self.isCompanion = device.isCompanion
        self.reservation = device.reservation.map { Anchor(text: $0, href: Link.claim($0)) }
    }
}

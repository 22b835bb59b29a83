import PatchbayAPI
import PatchbayCore

/// One place of a VM for a device.
struct Inlet: Sendable, Hashable {
    /// The device at the other end; empty for a wish that is not served yet.
    let device: String
    let label: String
    /// `attached`, `allocated`, `wish`
    let kind: String
    let note: String

    init(_ device: API.Device, request: String) {
        self.device = device.id
        self.label = device.briefName
        switch device.state {
        case .attached:
            self.kind = "attached"
            self.note = request
        case .free, .allocated, .host, .blocked, .missing, .quarantined:
            self.kind = "allocated"
            self.note = device.state == .missing ? "missing" : "held, not plugged in yet"
        }
    }

    /// Of a device that has no jack here.
    init(undrawn held: API.VMDevice) {
        self.device = held.device
        self.label = held.name
        self.kind = "attached"
        self.note = held.request ?? ""
    }

    init(wish: API.Request) {
        self.device = ""
        self.label = wish.pool.map { "\(wish.count) × \($0)" } ?? wish.device ?? wish.name
        self.kind = "wish"
        self.note = "at next start"
    }
}

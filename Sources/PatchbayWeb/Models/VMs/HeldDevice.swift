import PatchbayAPI
import PatchbayCore

/// A device in a running VM.
struct HeldDevice: Sendable, Hashable {
    let name: String
    let address: String
    let href: String
    let mark: StateMark
    let source: String
    let isCompanion: Bool
    let detachAction: String
    /// The request that takes it out at the next start; empty for one that came along.
    let request: String

    init(_ held: API.VMDevice, device: API.Device?, vm: String) {
        self.name = device?.briefName ?? held.name
        self.address = device?.shortID ?? held.device
        self.href = Link.device(id: device?.shortID ?? held.device)
        self.mark = StateMark(device?.state ?? .attached)
        self.source = held.isCompanion ? "comes along" : held.pool.map { "pool \($0)" } ?? "asked for by address"
        self.isCompanion = held.isCompanion
        self.detachAction = Link.vm(vm) + "/detach"
        self.request = held.isCompanion ? "" : held.request ?? ""
    }
}

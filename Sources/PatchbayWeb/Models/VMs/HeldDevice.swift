import PatchbayAPI
import PatchbayCore

/// A device in a running VM.
struct HeldDevice: Sendable, Hashable {
    let name: String
    let address: String
    let href: String
    let mark: StateMark
    let source: String
    /// Why the VM does not have it now; empty: it has.
    let absence: String
    let isCompanion: Bool
    let detachAction: String
    /// What takes it out at the next start; empty for one that came along.
    let detaching: String

    init(_ held: API.VMDevice, device: API.Device?, vm: API.VM) {
        self.name = device?.briefName ?? held.name
        self.address = device?.shortID ?? held.device
        self.href = Link.device(id: device?.shortID ?? held.device)
        self.mark = StateMark(device?.state ?? .attached)
        self.source = held.isCompanion ? "comes along" : held.pool.map { "pool \($0)" } ?? "requested by name"
        self.absence = device?.state == .missing ? device?.reason ?? "" : ""
        self.isCompanion = held.isCompanion
        self.detachAction = Link.vm(vm.name) + "/detach"
        self.detaching = held.isCompanion || !vm.asks(for: held) ? "" : held.device
    }
}

extension API.VM {
    /// The request by which it has the device is there still: what leaves at its next start already cannot be taken again.
    func asks(for held: API.VMDevice) -> Bool { requests.contains { $0.name == held.request } }
}

import PatchbayAPI
import PatchbayCore

struct VMRow: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let mark: VMStateMark
    let host: Anchor
    let origin: String
    let size: String
    let holds: [Anchor]
    let wishes: String
    let isRestartPending: Bool
    let colour: String

    init(_ vm: API.VM) {
        self.id = "vmrow-\(API.Device.elementID(of: vm.name))"
        self.name = vm.name
        self.href = Link.vm(vm.name)
        self.mark = VMStateMark(vm)
        self.host = Anchor(text: vm.host, href: Link.host(vm.host))
        self.origin = vm.origin
        self.size = VMPage.size(of: vm)
        self.holds = vm.now.map { Anchor(text: $0.name, href: Link.device(id: $0.device)) }
        self.wishes = vm.atNextStart.joined(separator: ", ")
        self.isRestartPending = vm.isRestartPending
        self.colour = CableColour.css(for: vm.name)
    }
}

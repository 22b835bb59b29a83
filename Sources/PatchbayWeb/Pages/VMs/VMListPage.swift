import PatchbayAPI
import PatchbayCore

/// All VMs: where they are, what they hold, what they will hold.
struct VMListPage: Sendable, Hashable {
    let rows: [VMRow]
    let isEmpty: Bool
    let hasRows: Bool

    init(_ vms: [API.VM]) {
        self.rows = vms.map(VMRow.init)
        self.hasRows = !rows.isEmpty
        self.isEmpty = vms.isEmpty
    }
}

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
        self.colour = VMColour.css(for: vm.name)
    }
}

/// A VM's state: glyph, word, colour.
struct VMStateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    /// Of a VM whose host is lost nobody can say what it does.
    init(_ vm: API.VM) {
        let seen = VMStateMark(vm.state)
        (glyph, word, css) =
            vm.mayStillRun == true ? ("?", "may still run", "attention") : (seen.glyph, seen.word, seen.css)
    }

    init(_ state: Domain.State) {
        self.word = state.rawValue
        (self.glyph, self.css) =
            switch state {
            case .running: ("▶", "good")
            case .paused: ("‖", "attention")
            case .shutOff: ("■", "quiet")
            case .crashed: ("✕", "bad")
            case .other, .unknown: ("?", "quiet")
            }
    }
}

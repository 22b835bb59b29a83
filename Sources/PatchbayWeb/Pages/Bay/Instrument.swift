import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// A VM on the Bay: where cables end.
struct Instrument: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let state: String
    let host: String
    let isRunning: Bool
    let isRestartPending: Bool
    let colour: String
    let inlets: [Inlet]

    /// - Parameter devices: those with a jack that could be its own; what else it has ends no cable.
    init(_ vm: API.VM, devices: [API.Device]) {
        self.id = "vm-\(API.Device.elementID(of: vm.name))"
        self.name = vm.name
        self.href = Link.vm(vm.name)
        self.state = vm.state.rawValue
        self.host = vm.host
        self.isRunning = vm.state == .running
        self.isRestartPending = vm.isRestartPending
        self.colour = VMColour.css(for: vm.name)
        let held = devices.filter { $0.vm == vm.name }
        let requestOf = Dictionary(
            vm.now.map { ($0.device, $0.request ?? "") }, uniquingKeysWith: { first, _ in first })
        let plugged = held.map { Inlet($0, request: requestOf[$0.id] ?? "") }
        let drawn = Set(held.map(\.id))
        let elsewhere = vm.now.filter { !drawn.contains($0.device) }.map { Inlet(undrawn: $0) }
        let served = Set(vm.now.compactMap(\.request))
        let waiting = held.contains { $0.state == .allocated }
        let wishes = vm.requests.filter { !served.contains($0.name) && !waiting }.map { Inlet(wish: $0) }
        self.inlets = plugged + elsewhere + wishes
    }
}

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

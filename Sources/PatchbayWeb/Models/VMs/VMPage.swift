import PatchbayAPI
import PatchbayCore

/// What a VM holds, what it will hold, and how to change it.
struct VMPage: Sendable {
    let id: String
    let name: String
    let mark: VMStateMark
    let host: Anchor
    let origin: String
    let size: String
    let colour: String
    let now: [HeldDevice]
    let requests: [RequestLine]
    let holdsNothing: Bool
    let wantsNothing: Bool
    let isRestartPending: Bool
    let restartCommand: String
    let guestHints: [String]
    let findings: [FindingNote]
    let plan: Anchor?
    let history: [EventLine]
    let base: String
    let canStart: Bool
    let canStop: Bool
    let canDelete: Bool
    let mayStillRun: Bool
    let consoleHref: String
    let attach: AttachForm
    let claim: Anchor?
    /// Whether it could start now; nil: it runs, or asks for nothing.
    let couldStart: ExplanationNote?
    let couldStartProblem: ProblemNote?
    let asksWhetherItCouldStart: Bool
    let fragment: String

    init(
        _ vm: API.VM, devices: [API.Device], events: [API.Event], attach: AttachForm,
        couldStart: Result<ExplanationNote, Problem>? = nil, now moment: Int
    ) {
        self.id = "vm-\(API.Device.elementID(of: vm.name))"
        self.name = vm.name
        self.mark = VMStateMark(vm)
        self.host = Anchor(text: vm.host, href: Link.host(vm.host))
        self.origin = vm.origin
        self.size = Self.size(of: vm)
        self.colour = CableColour.css(for: vm.name)
        let byID = Dictionary(devices.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.now = vm.now.map { HeldDevice($0, device: byID[$0.device], vm: vm) }
        self.requests = zip(vm.requests.indices, vm.requests).map { index, request in
            RequestLine(
                request, sentence: vm.atNextStart.indices.contains(index) ? vm.atNextStart[index] : nil, vm: vm.name)
        }
        self.holdsNothing = vm.now.isEmpty
        self.wantsNothing = vm.requests.isEmpty
        self.isRestartPending = vm.isRestartPending
        self.restartCommand = vm.restartCommand ?? "patchbay vm restart \(vm.name)"
        let wanted = vm.now.compactMap { byID[$0.device] } + Self.candidates(for: vm, among: devices)
        self.guestHints = GuestDriverHint.hints(for: wanted)
        self.findings = vm.findings.map(FindingNote.init)
        self.plan = vm.plan.map { Anchor(text: $0, href: Link.plan($0)) }
        self.history = events.prefix(8).map { EventLine($0, now: moment) }
        self.base = Link.vm(vm.name)
        self.mayStillRun = vm.mayStillRun == true
        self.canStart = !mayStillRun && !vm.state.isOn
        self.canStop = vm.state == .running || vm.state == .paused || vm.state == .crashed
        self.canDelete = vm.origin == "managed" && canStart
        self.consoleHref = Link.vm(vm.name) + "/console"
        self.attach = attach
        self.claim = vm.claim.map { Anchor(text: $0, href: Link.claim($0)) }
        self.asksWhetherItCouldStart = couldStart != nil
        switch couldStart {
        case .success(let note): (self.couldStart, self.couldStartProblem) = (note, nil)
        case .failure(let problem): (self.couldStart, self.couldStartProblem) = (nil, ProblemNote(problem))
        case nil: (self.couldStart, self.couldStartProblem) = (nil, nil)
        }
        self.fragment = "/fragments" + Link.vm(vm.name)
    }

    static func size(of vm: API.VM) -> String {
        [vm.vcpus.map { "\($0) vCPU" }, vm.memoryMiB.map { SizeWords.mebibytes($0) }].compactMap { $0 }
            .joined(separator: " · ")
    }

    /// Devices that the VM's requests ask for and that it could get.
    private static func candidates(for vm: API.VM, among devices: [API.Device]) -> [API.Device] {
        vm.requests.flatMap { request in
            devices.filter { device in
                device.id == request.device || (request.pool.map(device.pools.contains) ?? false)
            }
        }
    }
}

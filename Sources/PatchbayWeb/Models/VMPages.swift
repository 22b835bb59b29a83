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

/// A VM's state: glyph, word, colour.
struct VMStateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    init(_ state: Domain.State) {
        self.word = state.rawValue
        (self.glyph, self.css) =
            switch state {
            case .running: ("▶", "good")
            case .paused: ("‖", "attention")
            case .shutOff: ("■", "quiet")
            case .crashed: ("✕", "bad")
            case .other: ("?", "quiet")
            }
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
        self.mark = VMStateMark(vm.state)
        self.host = Anchor(text: vm.host, href: Link.host(vm.host))
        self.origin = vm.origin
        self.size = VMPage.size(of: vm)
        self.holds = vm.now.map { Anchor(text: $0.name, href: Link.device(id: $0.device)) }
        self.wishes = vm.atNextStart.joined(separator: ", ")
        self.isRestartPending = vm.isRestartPending
        self.colour = CableColour.css(for: vm.name)
    }
}

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
    let consoleHref: String
    let attach: AttachForm
    let fragment: String

    init(_ vm: API.VM, devices: [API.Device], events: [API.Event], attach: AttachForm, now moment: Int) {
        self.id = "vm-\(API.Device.elementID(of: vm.name))"
        self.name = vm.name
        self.mark = VMStateMark(vm.state)
        self.host = Anchor(text: vm.host, href: Link.host(vm.host))
        self.origin = vm.origin
        self.size = Self.size(of: vm)
        self.colour = CableColour.css(for: vm.name)
        let byID = Dictionary(devices.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.now = vm.now.map { HeldDevice($0, device: byID[$0.device], vm: vm.name) }
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
        self.history = events.filter { $0.subject == "vm \(vm.name)" }.prefix(8).map { EventLine($0, now: moment) }
        self.base = Link.vm(vm.name)
        self.canStart = vm.state == .shutOff || vm.state == .crashed
        self.canStop = vm.state == .running || vm.state == .paused
        self.canDelete = vm.origin == "managed" && canStart
        self.consoleHref = Link.vm(vm.name) + "/console"
        self.attach = attach
        self.fragment = "/fragments" + Link.vm(vm.name)
    }

    static func size(of vm: API.VM) -> String {
        [vm.vcpus.map { "\($0) vCPU" }, vm.memoryMiB.map { ByteCount.words(mebibytes: $0) }].compactMap { $0 }
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

/// One line of a VM's wishes.
struct RequestLine: Sendable, Hashable {
    let request: String
    let sentence: String
    let target: Anchor
    let detachAction: String

    init(_ request: API.Request, sentence: String?, vm: String) {
        self.request = request.name
        if let pool = request.pool {
            self.target = Anchor(text: "pool \(pool)", href: Link.pool(pool))
            self.sentence = sentence ?? "\(request.count) × any of pool \(pool)"
        } else {
            let device = request.device ?? ""
            self.target = Anchor(text: device, href: Link.device(id: device))
            self.sentence = sentence ?? device
        }
        self.detachAction = Link.vm(vm) + "/detach"
    }
}

/// What the guest itself needs before it can use a device. The host cannot install it.
enum GuestDriverHint {
    static func hints(for devices: [API.Device]) -> [String] {
        var seen: Set<String> = []
        return devices.filter { seen.insert("\($0.vendorID):\($0.deviceID)").inserted }.map { device in
            "\(device.briefName): \(advice(for: device))"
        }
    }

    private static func advice(for device: API.Device) -> String {
        switch (device.vendorID, device.classCode.prefix(2)) {
        case ("10de", "03"): "the guest needs NVIDIA's driver for this model and its system."
        case ("1002", "03"): "Linux guests bring amdgpu and may need its firmware; Windows needs AMD's driver."
        case (_, "03"): "the guest needs the vendor's display driver."
        case (_, "01"): "most guests bring the driver; format nothing before you have looked what is on it."
        case (_, "02"): "Linux guests usually bring the driver; Windows may need the vendor's."
        default: "the guest may need a driver for this model; which one depends on its system."
        }
    }
}

/// Adds devices to a VM: from a pool, or one by address.
struct AttachForm: Sendable, Hashable {
    let action: String
    let vmName: String
    let vmChoices: [Choice]
    let asksForVM: Bool
    let targets: [ChoiceGroup]
    let hasTargets: Bool
    let fixedPool: String
    let count: String
    let requestName: String
    let attachProblem: ProblemNote?

    /// On the page of a VM.
    init(
        vm: API.VM, pools: [API.Pool], devices: [API.Device], typed: FormFields = FormFields(), problem: Problem? = nil
    ) {
        self.action = Link.vm(vm.name) + "/attach"
        self.vmName = vm.name
        self.vmChoices = []
        self.asksForVM = false
        let chosen = typed.raw("what")
        let free = devices.filter { $0.host == vm.host && $0.state == .free && !$0.pools.isEmpty }
        self.targets = [
            ChoiceGroup(
                label: "Any of a pool",
                choices: pools.map { pool in
                    let free = pool.devices.filter { $0.state == .free && $0.host == vm.host }.count
                    let label = "\(pool.name) · PCI · \(free) of \(pool.devices.count) free on \(vm.host)"
                    return Choice("pool:\(pool.name)", label, selected: chosen)
                }),
            ChoiceGroup(
                label: "This device and no other",
                choices: free.map { Choice("device:\($0.id)", "\($0.briefName) · \($0.shortID)", selected: chosen) }),
        ].filter { !$0.choices.isEmpty }
        self.hasTargets = !targets.isEmpty
        self.fixedPool = ""
        self.count = typed.raw("count") ?? "1"
        self.requestName = typed.raw("name") ?? ""
        self.attachProblem = problem.map { ProblemNote($0) }
    }

    /// On the page of a pool: the VM is chosen, several devices at once.
    init(pool: String, vms: [API.VM], typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.action = Link.pool(pool) + "/attach"
        self.vmName = ""
        self.vmChoices = vms.map {
            Choice($0.name, "\($0.name) · \($0.state.rawValue) on \($0.host)", selected: typed.raw("vm"))
        }
        self.asksForVM = true
        self.targets = []
        self.hasTargets = !vms.isEmpty
        self.fixedPool = pool
        self.count = typed.raw("count") ?? "1"
        self.requestName = typed.raw("name") ?? ""
        self.attachProblem = problem.map { ProblemNote($0) }
    }
}

/// Makes a managed VM.
struct VMForm: Sendable, Hashable {
    let name: String
    let hosts: [Choice]
    let vcpus: String
    let memoryMiB: String
    let disk: String
    let formats: [Choice]
    let kernel: String
    let initrd: String
    let commandLine: String
    let accelerators: [Choice]
    let problem: ProblemNote?

    init(hosts: [API.Host], typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.name = typed.raw("name") ?? ""
        self.hosts = hosts.map { Choice($0.name, $0.name, selected: typed.raw("host")) }
        self.vcpus = typed.raw("vcpus") ?? "2"
        self.memoryMiB = typed.raw("memoryMiB") ?? "2048"
        self.disk = typed.raw("disk") ?? ""
        self.formats = ["qcow2", "raw"].map { Choice($0, $0, selected: typed.raw("diskFormat")) }
        self.kernel = typed.raw("kernel") ?? ""
        self.initrd = typed.raw("initrd") ?? ""
        self.commandLine = typed.raw("commandLine") ?? ""
        self.accelerators =
            [Choice("", "KVM where the host has it", selected: typed.raw("accelerator") ?? "")]
            + GuestSpec.Accelerator.allCases.map {
                Choice($0.rawValue, $0.rawValue, selected: typed.raw("accelerator"))
            }
        self.problem = problem.map { ProblemNote($0) }
    }
}

/// What the guest's serial console printed since the last start.
struct ConsolePage: Sendable, Hashable {
    let name: String
    let back: String
    let text: String
    let isEmpty: Bool
    let command: String
    let fragment: String

    init(vm: String, log: [UInt8]) {
        self.name = vm
        self.back = Link.vm(vm)
        self.text = TerminalText.plain(log)
        self.isEmpty = text.trimmed.isEmpty
        self.command = "patchbay vm console \(vm)"
        self.fragment = "/fragments" + Link.vm(vm) + "/console"
    }
}

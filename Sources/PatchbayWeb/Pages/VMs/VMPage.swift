import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func vmList(_ visit: Visit) async throws(Problem) -> Page {
        Page(title: "VMs", section: .vms, template: "page-vms", model: VMListPage(try await service.vms()))
    }

    func vm(_ visit: Visit, name: String) async throws(Problem) -> Page {
        try await vmPage(name, now: visit.now, typed: FormFields(), problem: nil)
    }

    func vmPage(_ name: String, now: Int, typed: FormFields, problem: Problem?) async throws(Problem) -> Page {
        let vm = try await service.vm(name)
        let devices = try await devices(of: vm.host)
        let facts = try await facts(ofUSB: devices)
        let form = AttachForm(
            vm: vm, pools: try await service.pools(),
            devices: devices.map { ListedDevice(device: $0, usb: facts[$0.id]) }, typed: typed, problem: problem)
        let model = VMPage(
            vm, devices: devices,
            events: try await history(of: ["vm \(vm.name)"], vm: vm.name, host: vm.host), attach: form,
            couldStart: await couldStart(vm, now: now), now: now)
        return Page(
            title: vm.name, section: .vms, template: "page-vm", model: model,
            problem: problem)
    }

    /// nil: it runs, or asks for nothing.
    private func couldStart(_ vm: API.VM, now: Int) async -> Result<ExplanationNote, Problem>? {
        guard !vm.state.isOn, !vm.requests.isEmpty else { return nil }
        do throws(Problem) {
            let explanation = try await service.explainVM(vm.name)
            let fixes = try await fixLines(explanation.fixes, now: now)
            return .success(ExplanationNote(explanation, .start(vm: vm.name), fixes: fixes, now: now))
        } catch {
            return .failure(error)
        }
    }

    func confirmOff(_ visit: Visit, _ fields: FormFields, vm: String) async throws(Problem) -> FormAnswer {
        let statement = API.Statement(reason: try fields.required("statement", "The reason"))
        let service = service
        return .change(
            Mutation(
                title: "Count \(vm) as off", back: Link.vm(vm), done: Link.vm(vm),
                command: ShellLine("vm", "confirm-off", vm, reason: statement.reason).text,
                cautions: [
                    "Its devices can be lent again. If it still runs, two VMs write to the same devices and disks."
                ],
                run: { dryRun async throws(Problem) in
                    try await service.confirmOff(vm, statement, dryRun: dryRun)
                }))
    }

    func vmConsole(_ visit: Visit, name: String) async throws(Problem) -> Page {
        let vm = try await service.vm(name)
        let model = ConsolePage(vm: vm.name, log: try await service.consoleLog(vm.name))
        return Page(title: "Console of \(vm.name)", section: .vms, template: "page-console", model: model)
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
        self.colour = VMColour.css(for: vm.name)
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
        if let advice = device.kind.guestAdvice { return advice }
        return switch (device.vendorID, device.classCode.prefix(2)) {
        case ("10de", "03"): "the guest needs NVIDIA's driver for this model and its system."
        case ("1002", "03"): "Linux guests have amdgpu and may need its firmware; Windows needs AMD's driver."
        case (_, "03"): "the guest needs the vendor's display driver."
        case (_, "01"): "most guests have a driver for it; check its contents before you format it."
        case (_, "02"): "Linux guests usually have a driver; Windows may need the vendor's."
        default: "the guest may need a driver for this model; which one depends on its system."
        }
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

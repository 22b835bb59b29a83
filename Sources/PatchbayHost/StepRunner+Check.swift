import PatchbayCore

extension StepRunner {
    /// What a look at the host says about a step that a new plan wants to perform.
    package enum Expectation: Hashable, Sendable {
        /// The host is as the step expects it.
        case holds
        /// What it would make is there, by somebody else's hand: nothing to do, and nothing of ours to take back.
        case alreadySo
    }

    /// Whether what the step expects still holds. The plan was made for an older look at the host.
    ///
    /// Kernel steps are strict: a device that is not as the plan saw it may be somebody else's by now. A device that a
    /// running guest holds is never unbound, and a VM is not started with a device that another one holds: the kernel
    /// would block for ever, or the other guest would lose it. Where the hypervisor cannot be asked, the answer is no.
    package func check(_ step: Step) async throws(Problem) -> Expectation {
        switch step {
        case .loadModule, .setOverride, .unbindInterface, .bindInterface:
            try await requireStart(of: step)
            return .holds
        case .probe(let address, let driver):
            try await requireStart(of: step)
            if let driver, PCIFunction.isVFIO(driver) { try await requireAnswer(of: address) }
            return .holds
        case .unbind(let address, let driver):
            try await requireStart(of: step)
            if PCIFunction.isVFIO(driver) {
                try await requireNoGuest(holds: address)
            } else {
                try await requireAnswer(of: address)
            }
            return .holds
        case .defineVM(let spec):
            guard try await domain(spec.name) == nil else { throw Self.exists(spec.name) }
            return .holds
        case .undefineVM(let spec): return try await checkUndefine(spec.name)
        case .plug(let vm, let devices, _): return try await checkPlug(devices, into: vm)
        case .unplug(let vm, let devices, _):
            let defined = try await domain(vm)?.definedDevices ?? []
            return devices.contains(where: defined.contains) ? .holds : .alreadySo
        case .attach(let vm, let device, _): return try await checkAttach(device, to: vm)
        case .detach(let vm, let device, _): return try await domain(vm)?.holds(device) ?? false ? .holds : .alreadySo
        case .seat(let vm, _, _): return try await checkSeat(vm)
        case .unseat(let vm): return try await domain(vm)?.isSeated ?? false ? .holds : .alreadySo
        case .startVM(let vm): return try await checkStart(vm)
        case .resetVM(let vm):
            guard try await domain(vm)?.isUp ?? false else {
                throw Problem(
                    .wrongState, "VM \(vm) is off, so there is nothing to reset.",
                    next: [NextStep("Start it", .startVM(vm))])
            }
            return .holds
        case .stopVM(let vm, _, _):
            return try await domain(vm)?.isUp ?? false ? .holds : .alreadySo
        }
    }

    /// The state a kernel step starts from: the one it was made for. VM steps have their own checks.
    func requireStart(of step: Step) async throws(Problem) {
        switch step {
        case .unbind(let address, let driver):
            let now = try await present(address).driver
            guard now == driver else { throw Self.changed(address, what: "driver", from: driver, now: now) }
        case .setOverride(let address, let old, _):
            let now = try await present(address).override
            guard now == old else { throw Self.changed(address, what: "driver override", from: old, now: now) }
        case .probe(let address, let driver):
            let now = try await present(address).driver
            guard now == nil || now == driver else {
                throw Self.changed(address, what: "driver", from: nil, now: now)
            }
        case .unbindInterface(let interface, let driver):
            let now = try await present(interface).driver
            guard now == driver else { throw Self.changed(interface, from: driver, now: now) }
        case .bindInterface(let interface, let driver):
            let now = try await present(interface).driver
            guard now == nil || now == driver else { throw Self.changed(interface, from: nil, now: now) }
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM,
            .stopVM:
            return
        }
    }

    private func checkSeat(_ name: String) async throws(Problem) -> Expectation {
        guard let domain = try await domain(name) else { throw Self.unknownVM(name) }
        guard domain.isManaged else {
            throw Problem(
                .wrongState, "VM \(name) was not created by Patchbay, so its CPU and memory placement is not changed.",
                next: ["Pin its CPUs yourself:  virsh edit \(name)"])
        }
        return .holds
    }

    private func checkUndefine(_ name: String) async throws(Problem) -> Expectation {
        guard let domain = try await domain(name) else { return .alreadySo }
        guard !domain.isUp else {
            throw Problem(
                .wrongState, "VM \(name) is running, so its definition cannot be removed.",
                evidence: ["state: \(domain.state.rawValue)"],
                next: [NextStep("Stop it first", .stopVM(name))])
        }
        return .holds
    }

    /// Some of them there and some not is nobody's plan: taking it back would remove what was there before.
    private func checkPlug(_ devices: [DeviceKey], into vm: String) async throws(Problem) -> Expectation {
        guard let domain = try await domain(vm) else { throw Self.unknownVM(vm) }
        let there = devices.filter(domain.definedDevices.contains)
        if there.count == devices.count { return .alreadySo }
        guard there.isEmpty else {
            throw Problem(
                .changedMeanwhile, "VM \(vm) already holds some of the planned devices.",
                evidence: there.map { "in its definition: \($0)" }, next: [NextStep("Plan it again", .showVM(vm))])
        }
        return .holds
    }

    /// It has none of another VM's, and it runs.
    private func checkAttach(_ device: DeviceKey, to vm: String) async throws(Problem) -> Expectation {
        let domains = try await hypervisor.domains()
        guard let domain = domains.first(where: { $0.name == vm }) else { throw Self.unknownVM(vm) }
        guard domain.isUp else {
            throw Problem(
                .wrongState, "VM \(vm) is off, so no device can be hot-plugged.",
                next: [NextStep("Start it", .startVM(vm))])
        }
        if domain.liveDevices.contains(device) { return .alreadySo }
        if let other = domains.first(where: { $0.name != vm && $0.isUp && $0.liveDevices.contains(device) }) {
            throw Problem(
                .deviceTaken, "\(device.short) cannot be attached to VM \(vm): VM \(other.name) has it.",
                next: [NextStep("Stop the other one first", .stopVM(other.name))])
        }
        return .holds
    }

    private func checkStart(_ vm: String) async throws(Problem) -> Expectation {
        let domains = try await hypervisor.domains()
        guard let domain = domains.first(where: { $0.name == vm }) else { throw Self.unknownVM(vm) }
        guard !domain.isUp else {
            throw Problem(
                .wrongState, "VM \(vm) was started in the meantime.", evidence: ["state: \(domain.state.rawValue)"],
                next: [NextStep("See its devices", .showVM(vm))])
        }
        for other in domains where other.name != vm && other.isUp {
            if let device = other.liveDevices.first(where: domain.definedDevices.contains) {
                throw Problem(
                    .deviceTaken, "VM \(vm) cannot be started: \(device.short) is in VM \(other.name).",
                    evidence: ["\(device) → VM \(other.name), \(other.state.rawValue)"],
                    next: [NextStep("Stop the other one first", .stopVM(other.name))])
            }
        }
        return .holds
    }

    /// Wakes a sleeping device: nobody has looked at it before.
    private func requireAnswer(of address: PCIAddress) async throws(Problem) {
        guard let silence = try await kernel.silence(of: address) else { return }
        throw Problem(
            .deviceSilent, "Device \(address.short) does not answer: \(silence.words).",
            evidence: ["\(address): \(silence.words)"], next: silence.waysOut(of: [address]))
    }

    private func requireNoGuest(holds address: PCIAddress) async throws(Problem) {
        let holder = try await hypervisor.domains().first { $0.isUp && $0.liveDevices.contains(address.key) }
        guard let holder else { return }
        throw Problem(
            .inUse, "Device \(address.short) stays on vfio-pci: VM \(holder.name) holds it.",
            evidence: ["\(address) → VM \(holder.name), \(holder.state.rawValue)"],
            next: [NextStep("Stop the VM first", .stopVM(holder.name))])
    }

    private func present(_ address: PCIAddress) async throws(Problem) -> DriverState {
        guard let state = try await kernel.driverState(of: address) else {
            throw Problem(
                .unknownDevice, "Device \(address.short) is no longer there.",
                next: [NextStep("Read the host again", .refreshHost(nil))])
        }
        return state
    }

    private func present(_ interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState {
        guard let state = try await kernel.driverState(of: interface) else {
            throw Problem(
                .unknownDevice, "USB interface \(interface) is no longer there.",
                next: [NextStep("Plug the device in again, then", .refreshHost(nil))])
        }
        return state
    }

    private static func changed(_ interface: USBInterfaceAddress, from old: String?, now: String?) -> Problem {
        Problem(
            .changedMeanwhile, "The driver of USB interface \(interface) changed after the plan was made.",
            evidence: ["planned from: \(old ?? "none")", "found now: \(now ?? "none")"],
            next: ["Repeat the command: the device was plugged in again, or another program bound it."])
    }

    private static func changed(_ address: PCIAddress, what: String, from old: String?, now: String?) -> Problem {
        Problem(
            .changedMeanwhile, "The \(what) of \(address.short) changed after the plan was made.",
            evidence: ["planned from: \(old ?? "none")", "found now: \(now ?? "none")"],
            next: [NextStep("See its state", .showDevice(address.short)), "Then repeat the command."])
    }

    private static func unknownVM(_ name: String) -> Problem {
        Problem(
            .unknownVM, "The hypervisor of this host has no VM \(name).",
            next: [NextStep("List the VMs", .listVMs)])
    }

    private static func exists(_ name: String) -> Problem {
        Problem(
            .alreadyExists, "The hypervisor of this host already has a VM \(name).",
            next: [NextStep("Choose another name, or see that VM", .showVM(name))])
    }
}

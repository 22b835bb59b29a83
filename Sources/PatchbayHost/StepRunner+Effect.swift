import PatchbayCore

extension StepRunner {
    /// Whether what the step makes is so now, whoever made it.
    ///
    /// | step | in effect when |
    /// | --- | --- |
    /// | load | always: loading twice is harmless, and the probe after it shows whether it worked |
    /// | unbind from D | the function is there and its driver is not D |
    /// | override | `driver_override` reads the wanted text |
    /// | probe to D | the driver is D (nil: none) |
    /// | unbind an interface from D | it is there and its driver is not D |
    /// | bind an interface to D | its driver is D |
    /// | define, undefine | there is, or is not, a domain of that name |
    /// | plug, unplug | all, or none, of the devices are in the persistent definition |
    /// | attach, detach | the running VM has the device, or has it not |
    /// | seat | always done anew, and the definition then has a seat: which one it does not tell |
    /// | unseat | the definition has no seat |
    /// | reset | always done anew, and the domain is then up |
    /// | start, stop | the domain is up, or is not (`Domain.isUp`) |
    ///
    /// On a function that is gone no kernel step is in effect.
    package func isInEffect(_ step: Step) async throws(Problem) -> Bool {
        switch step {
        case .loadModule: return true
        case .unbind(let address, let driver):
            guard let state = try await kernel.driverState(of: address) else { return false }
            return state.driver != driver
        case .setOverride(let address, _, let driver):
            guard let state = try await kernel.driverState(of: address) else { return false }
            return state.override == driver
        case .probe(let address, let driver):
            guard let state = try await kernel.driverState(of: address) else { return false }
            return state.driver == driver
        case .unbindInterface(let interface, let driver):
            guard let state = try await kernel.driverState(of: interface) else { return false }
            return state.driver != driver
        case .bindInterface(let interface, let driver):
            return try await kernel.driverState(of: interface)?.driver == driver
        case .defineVM(let spec): return try await domain(spec.name) != nil
        case .undefineVM(let spec): return try await domain(spec.name) == nil
        case .plug(let vm, let devices, _):
            let defined = try await domain(vm)?.definedDevices ?? []
            return devices.allSatisfy(defined.contains)
        case .unplug(let vm, let devices, _):
            let defined = try await domain(vm)?.definedDevices ?? []
            return !devices.contains(where: defined.contains)
        case .attach(let vm, let device, _): return try await domain(vm)?.liveDevices.contains(device) ?? false
        case .detach(let vm, let device, _): return try await !(domain(vm)?.holds(device) ?? false)
        case .seat(let vm, _, _): return try await domain(vm)?.isSeated ?? false
        case .unseat(let vm): return try await !(domain(vm)?.isSeated ?? false)
        case .startVM(let vm), .resetVM(let vm): return try await domain(vm)?.isUp ?? false
        case .stopVM(let vm, _, _): return try await !(domain(vm)?.isUp ?? false)
        }
    }

    func domain(_ name: String) async throws(Problem) -> Domain? {
        try await hypervisor.domains().first { $0.name == name }
    }

    /// The write was taken and nothing came of it.
    func noEffect(of step: Step) async throws(Problem) -> Problem {
        switch step {
        case .probe(let address, let driver?): try await didNotBind(address, to: driver)
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, nil):
            Problem(
                .kernelRefused, "The kernel accepted \"\(step.verb) \(address.short)\" but did not do it.",
                evidence: try await evidence(of: address), next: Self.readTheKernelLog)
        case .unbindInterface(let interface, _), .bindInterface(let interface, _):
            Problem(
                .kernelRefused, "The kernel accepted \"\(step.verb) \(interface)\" but did not do it.",
                evidence: ["driver now: \(try await kernel.driverState(of: interface)?.driver ?? "none")"],
                next: Self.readTheKernelLog)
        case .loadModule(let name):
            Problem(.kernelRefused, "Module \(name) was not loaded.", next: Self.readTheKernelLog)
        case .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM, .stopVM:
            Problem(
                .hypervisorRefused, "The hypervisor accepted \"\(step.verb) \(step.object)\" but did not do it.",
                next: [NextStep("See the VM", .showVM(step.object)), "Read the hypervisor's log."])
        }
    }

    private func didNotBind(_ address: PCIAddress, to driver: String) async throws(Problem) -> Problem {
        Problem(
            .driverDidNotBind, "Driver \(driver) did not bind \(address.short).",
            evidence: try await evidence(of: address),
            next: ["See why in the kernel log:  journalctl -k --grep \(address)"])
    }

    private func evidence(of address: PCIAddress) async throws(Problem) -> [String] {
        guard let state = try await kernel.driverState(of: address) else { return ["\(address) is gone"] }
        return ["driver now: \(state.driver ?? "none")", "override now: \(state.override ?? "none")"]
    }

    private static let readTheKernelLog: [NextStep] = ["Read the kernel log:  journalctl -k --since -5min"]
}

extension Step {
    /// False where nothing of the host tells whether the step was performed, so it is always performed.
    package var showsItself: Bool {
        switch self {
        case .loadModule, .seat, .resetVM: false
        case .unbind, .setOverride, .probe, .unbindInterface, .bindInterface, .defineVM, .undefineVM, .plug, .unplug,
            .attach, .detach, .unseat, .startVM, .stopVM:
            true
        }
    }
}

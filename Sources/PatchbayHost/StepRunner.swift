import PatchbayCore

/// Performs one step on the host and takes one back, each time by a write and by looking until it shows.
///
/// Success of a sysfs write is not success of the operation (`drivers_probe` says yes whatever happens), so a step is
/// done when its effect can be seen: `isInEffect`. The parts are in `StepRunner+Check`, `+Effect` and `+TakeBack`.
package struct StepRunner: Sendable {
    /// How long things may take.
    package struct Patience: Sendable {
        /// One kernel write; after that it counts as hanging, and cannot be stopped any more.
        package var writeSeconds: Int
        /// From the end of a write until its effect can be seen.
        package var effect: Duration
        /// Between two looks.
        package var interval: Duration

        package init(
            writeSeconds: Int = 30, effect: Duration = .seconds(5), interval: Duration = .milliseconds(20)
        ) {
            self.writeSeconds = writeSeconds
            self.effect = effect
            self.interval = interval
        }
    }

    let kernel: any Kernel
    let hypervisor: any Hypervisor
    let clock: any Clock<Duration>
    let patience: Patience

    package init(
        kernel: any Kernel, hypervisor: any Hypervisor, clock: any Clock<Duration> = ContinuousClock(),
        patience: Patience = Patience()
    ) {
        self.kernel = kernel
        self.hypervisor = hypervisor
        self.clock = clock
        self.patience = patience
    }

    /// Makes the step's effect true: nothing when it is already, else one write and looking until it shows.
    ///
    /// Safe to repeat after a crash. Whether a *new* plan may perform it is `check`'s question.
    package func perform(_ step: Step) async throws(Problem) {
        if step.showsItself, try await isInEffect(step) { return }
        try await requireStart(of: step)
        try await write(step)
        guard try await becomesTrue({ () async throws(Problem) in try await isInEffect(step) }) else {
            throw try await noEffect(of: step)
        }
    }

    private func write(_ step: Step) async throws(Problem) {
        switch step {
        case .loadModule(let name): try await kernel.loadModule(name)
        case .unbind(let address, let driver): try await write(address.description, to: .unbind(driver: driver))
        case .setOverride(let address, _, let driver): try await write(driver ?? "", to: .driverOverride(address))
        case .probe(let address, _): try await write(address.description, to: .driversProbe)
        case .unbindInterface(let interface, let driver):
            try await write(interface.description, to: .unbindInterface(driver: driver))
        case .bindInterface(let interface, let driver):
            try await write(interface.description, to: .bindInterface(driver: driver))
        case .defineVM(let spec): try await hypervisor.define(spec)
        case .undefineVM(let spec): try await hypervisor.undefine(spec.name)
        case .plug(let vm, let devices, let reset):
            try await hypervisor.plug(devices, into: vm, guestReset: reset ?? [:])
        case .unplug(let vm, let devices, _): try await hypervisor.unplug(devices, from: vm)
        case .attach(let vm, let device, let reset):
            try await hypervisor.attach(device, to: vm, guestReset: reset)
        case .detach(let vm, let device, _): try await hypervisor.detach(device, from: vm)
        case .seat(let vm, let seat, let devices): try await hypervisor.seat(vm, on: seat, devices: devices)
        case .unseat(let vm): try await hypervisor.unseat(vm)
        case .startVM(let vm): try await hypervisor.start(vm)
        case .resetVM(let vm): try await hypervisor.reset(vm)
        case .stopVM(let vm, let seconds, let force):
            try await hypervisor.stop(vm, timeoutSeconds: seconds, force: force)
        }
    }

    func write(_ text: String, to attribute: KernelAttribute) async throws(Problem) {
        try await kernel.write(text, to: attribute, deadlineSeconds: patience.writeSeconds)
    }

    /// Waits until the hypervisor answers, at most for `limit`. At boot an agent may be up before it is.
    package func waitForHypervisor(_ limit: Duration) async {
        _ = try? await Self.look(clock, every: .milliseconds(500), limit) { () async throws(Problem) in
            (try? await hypervisor.domains()) != nil
        }
    }

    /// Looks until `condition` holds; false when it did not within `patience.effect`.
    private func becomesTrue(_ condition: () async throws(Problem) -> Bool) async throws(Problem) -> Bool {
        try await Self.look(clock, every: patience.interval, patience.effect, until: condition)
    }

    private static func look<C: Clock>(
        _ clock: C, every interval: Duration, _ limit: Duration, until condition: () async throws(Problem) -> Bool
    ) async throws(Problem) -> Bool where C.Duration == Duration {
        let deadline = clock.now.advanced(by: limit)
        while try await !condition() {
            let next = clock.now.advanced(by: interval)
            guard next <= deadline else { return false }
            do {
                try await clock.sleep(until: next, tolerance: nil)
            } catch {
                throw Problem(.interrupted, "Verifying a step was cancelled.", cause: "\(error)")
            }
        }
        return true
    }
}

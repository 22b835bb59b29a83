import PatchbayAPI
import PatchbayCore

/// An agent whose host is an inventory and some guests: it carries plans out in the simulator of plans.
actor ScriptedAgent {
    enum Ending { case applied, rolledBack, stuck }

    let link: any AgentLink
    private(set) var inventory: Inventory
    private(set) var domains: [Domain]
    private var host: String { inventory.host.name }
    /// Of its reports; nil: they say none, and each is an answer.
    private var refreshed: Int?

    init(_ link: any AgentLink, _ inventory: Inventory = SampleHost.inventory(), domains: [Domain] = []) {
        self.link = link
        self.inventory = inventory
        self.domains = domains
    }

    func report(_ endings: AgentProtocol.Progress...) async throws {
        try await link.report(
            AgentProtocol.Report(
                inventory: inventory, domains: domains, agentVersion: "test", endings: endings, refreshed: refreshed),
            host: host)
    }

    func answer(refresh number: Int) { refreshed = number }

    /// Carries out what there is to do now, and not what follows from it.
    func workOnce(_ ending: Ending = .applied) async throws {
        for case .apply(let plan) in try await link.work(host: host, waitSeconds: 0) {
            try await carryOut(plan, ending)
        }
    }

    /// Carries out everything that is queued, also what follows from it.
    @discardableResult
    func work(_ ending: Ending = .applied) async throws -> [Plan] {
        var done: [Plan] = []
        while true {
            let work = try await link.work(host: host, waitSeconds: 0)
            guard !work.isEmpty else { return done }
            for case .refresh in work { try await report() }
            for case .apply(let plan) in work {
                try await carryOut(plan, ending)
                done.append(plan)
            }
        }
    }

    /// Carries out what it was given before.
    func carryOut(_ plan: Plan, _ ending: Ending = .applied) async throws {
        try await link.progress(
            progress(plan, .running, plan.steps.map { _ in .waiting }), host: host)
        switch ending {
        case .applied:
            for step in plan.steps { perform(step) }
            try await report(progress(plan, .applied, plan.steps.map { _ in .done(milliseconds: 1) }))
        case .rolledBack:
            let failure = Problem(.kernelRefused, "It did not work.")
            try await report(
                progress(
                    plan, .rolledBack(failure),
                    plan.steps.indices.map { $0 == plan.steps.count - 1 ? .failed(failure) : .undone(milliseconds: 1) }
                ))
        case .stuck:
            let first = plan.steps.prefix(plan.steps.count - 1)
            for step in first { perform(step) }
            let failure = Problem(.kernelRefused, "It did not work.")
            try await report(
                progress(
                    plan, .stuck(failure, left: Array(first)),
                    plan.steps.indices.map { $0 < first.count ? .done(milliseconds: 1) : .failed(failure) }))
        }
    }

    private func progress(
        _ plan: Plan, _ phase: PlanPhase, _ progress: [StepProgress]
    ) -> AgentProtocol.Progress {
        AgentProtocol.Progress(plan: plan.id, phase: phase, progress: progress)
    }

    private func perform(_ step: Step) {
        inventory = inventory.after(step)
        switch step {
        case .defineVM(let spec):
            var domain = SampleHost.domain(spec.name)
            domain.isManaged = true
            domains.append(domain)
        case .undefineVM(let spec): domains.removeAll { $0.name == spec.name }
        case .plug(let vm, let devices, _): change(vm) { $0.definedDevices += devices }
        case .unplug(let vm, let devices, _): change(vm) { $0.definedDevices.removeAll { devices.contains($0) } }
        case .attach(let vm, let device, _): change(vm) { $0.liveDevices.append(device) }
        case .detach(let vm, let device, _): change(vm) { $0.liveDevices.removeAll { $0 == device } }
        case .seat(let vm, _, _): change(vm) { $0.isSeated = true }
        case .unseat(let vm): change(vm) { $0.isSeated = false }
        case .startVM(let vm): power(vm, .running)
        case .stopVM(let vm, _, _): power(vm, .shutOff)
        case .loadModule, .unbind, .setOverride, .probe, .unbindInterface, .bindInterface, .resetVM: break
        }
    }

    /// A boot finds the host another way.
    func change(host change: @Sendable (inout Inventory) -> Void) { change(&inventory) }

    /// Somebody put a device into the definition.
    func define(_ device: PCIAddress, in vm: String) { change(vm) { $0.definedDevices.append(device.key) } }

    /// The guest does it by itself.
    func power(_ vm: String, _ state: Domain.State) {
        change(vm) {
            $0.state = state
            $0.liveDevices = state == .running ? $0.definedDevices : []
        }
    }

    /// The host was switched off and on: drivers are as they were at first, guests are off.
    func reboot() {
        inventory = SampleHost.inventory()
        for domain in domains { power(domain.name, .shutOff) }
    }

    func setOverride(_ address: PCIAddress, _ override: String?) {
        guard let index = inventory.index(of: address) else { return }
        inventory.functions[index].driverOverride = override
    }

    func forget(_ address: PCIAddress) { inventory.functions.removeAll { $0.address == address } }

    private func change(_ vm: String, _ edit: (inout Domain) -> Void) {
        guard let index = domains.firstIndex(where: { $0.name == vm }) else { return }
        edit(&domains[index])
    }
}

import PatchbayAPI
import PatchbayCore

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

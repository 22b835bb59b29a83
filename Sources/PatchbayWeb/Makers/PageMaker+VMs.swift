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
        let devices = try await service.devices(API.DeviceQuery(host: vm.host))
        let form = AttachForm(
            vm: vm, pools: try await service.pools(), devices: devices, typed: typed, problem: problem)
        let model = VMPage(
            vm, devices: devices, events: try await service.events(limit: 500), attach: form,
            couldStart: await couldStart(vm, now: now), now: now)
        return Page(
            title: vm.name, section: .vms, template: "page-vm", model: model,
            problem: problem)
    }

    /// nil: it runs, or asks for nothing.
    private func couldStart(_ vm: API.VM, now: Int) async -> Result<ExplanationNote, Problem>? {
        guard vm.state == .shutOff || vm.state == .crashed, !vm.requests.isEmpty else { return nil }
        do throws(Problem) {
            let explanation = try await service.explainVM(vm.name)
            let fixes = try await fixLines(explanation.fixes, now: now)
            return .success(ExplanationNote(explanation, .start(vm: vm.name), fixes: fixes, now: now))
        } catch {
            return .failure(error)
        }
    }

    func vmConsole(_ visit: Visit, name: String) async throws(Problem) -> Page {
        let vm = try await service.vm(name)
        let model = ConsolePage(vm: vm.name, log: try await service.consoleLog(vm.name))
        return Page(title: "Console of \(vm.name)", section: .vms, template: "page-console", model: model)
    }

    func newVM(_ visit: Visit) async throws(Problem) -> Page { try await newVMPage(typed: visit.query, problem: nil) }

    private func newVMPage(typed: FormFields, problem: Problem?) async throws(Problem) -> Page {
        Page(
            title: "New VM", section: .vms, template: "page-vm-new",
            model: VMForm(hosts: try await service.hosts(), typed: typed, problem: problem),
            problem: problem)
    }

    func createVM(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let draft: API.VMDraft
        do throws(Problem) {
            draft = try Self.draft(of: fields)
        } catch {
            return .page(try await newVMPage(typed: fields, problem: error))
        }
        let service = service
        let maker = self
        return .change(
            Mutation(
                title: "Create VM \(draft.name)", back: "/vms/new?\(fields.encoded)", done: Link.vm(draft.name),
                run: { dryRun async throws(Problem) in try await service.createVM(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in
                    try await maker.newVMPage(typed: fields, problem: problem)
                }))
    }

    private static func draft(of fields: FormFields) throws(Problem) -> API.VMDraft {
        let name = try fields.required("name", "The name of the VM")
        guard fields["disk"] != nil || fields["kernel"] != nil else {
            throw Problem(
                .malformedInput, "\(name) has nothing to start from.",
                next: ["Fill in a disk image, or a kernel, by its path on the host."])
        }
        return API.VMDraft(
            name: name, host: fields["host"],
            vcpus: try fields.number("vcpus", "The number of vCPUs", in: 1...4096) ?? 1,
            memoryMiB: try fields.number("memoryMiB", "The memory", in: 16...1 << 30) ?? 1024, disk: fields["disk"],
            diskFormat: fields["disk"] == nil ? nil : fields["diskFormat"], kernel: fields["kernel"],
            initrd: fields["initrd"], commandLine: fields["commandLine"],
            accelerator: fields["accelerator"].flatMap(GuestSpec.Accelerator.init))
    }
}

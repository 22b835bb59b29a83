import PatchbayAPI
import PatchbayCore

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

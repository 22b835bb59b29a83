import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// Adds devices to a VM: from a pool, or one by address.
struct AttachForm: Sendable, Hashable {
    let action: String
    let vmName: String
    let vmChoices: [Choice]
    let asksForVM: Bool
    let targets: [ChoiceGroup]
    let hasTargets: Bool
    /// What the devices of the pool are; empty: the choice says it.
    let kindLabel: String
    /// When it gets them; empty: it does not run, or nobody chose it yet.
    let runningHint: String
    let count: String
    let requestName: String
    let attachProblem: ProblemNote?

    /// On the page of a VM.
    init(
        vm: API.VM, pools: [API.Pool], devices: [ListedDevice], typed: FormFields = FormFields(),
        problem: Problem? = nil
    ) {
        self.action = Link.vm(vm.name) + "/attach"
        self.vmName = vm.name
        self.vmChoices = []
        self.asksForVM = false
        self.kindLabel = ""
        self.runningHint =
            vm.state == .running
            ? "\(vm.name) is running: USB devices are attached at once, PCI devices at its next start." : ""
        self.targets = DeviceKind.allCases.flatMap { kind in
            Self.targets(
                kind, vm: vm, pools: pools.filter { $0.kind == kind },
                devices: devices.filter { $0.device.kind == kind },
                chosen: typed.raw("what"))
        }.filter { !$0.choices.isEmpty }
        self.hasTargets = !targets.isEmpty
        self.count = typed.raw("count") ?? "1"
        self.requestName = typed.raw("name") ?? ""
        self.attachProblem = problem.map { ProblemNote($0) }
    }

    /// On the page of a pool: the VM is chosen, several devices at once.
    init(pool: API.Pool, vms: [API.VM], typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.action = Link.pool(pool.name) + "/attach"
        self.vmName = ""
        self.vmChoices = vms.map {
            let words = "\($0.name) · \($0.state.rawValue) on \($0.host)"
            return Choice(
                $0.name, words + ($0.getsAtOnce(pool.kind) ? ", gets it at once" : ""), selected: typed.raw("vm"))
        }
        self.asksForVM = true
        self.targets = []
        self.hasTargets = !vms.isEmpty
        self.kindLabel = pool.kind.label
        self.runningHint = ""
        self.count = typed.raw("count") ?? "1"
        self.requestName = typed.raw("name") ?? ""
        self.attachProblem = problem.map { ProblemNote($0) }
    }

    /// What there is to choose of a kind.
    private static func targets(
        _ kind: DeviceKind, vm: API.VM, pools: [API.Pool], devices: [ListedDevice], chosen: String?
    ) -> [ChoiceGroup] {
        let free = devices.filter { $0.device.state == .free && !$0.device.pools.isEmpty }
        return [
            ChoiceGroup(
                label: "\(kind.label): any of a pool",
                choices: pools.map { pool in
                    let here = pool.devices.filter { $0.host == vm.host }
                    let free = here.count { $0.state == .free }
                    let label = "\(pool.name) · \(kind.label) · \(free) of \(pool.devices.count) free on \(vm.host)"
                    return Choice("pool:\(pool.name)", label, selected: chosen)
                }),
            ChoiceGroup(
                label: "\(kind.label): this device and no other",
                choices: free.map { listed in
                    let serial = listed.usb?.serial.map { " · serial \($0)" } ?? ""
                    let label = "\(listed.device.briefName) · \(listed.device.shortID)\(serial)"
                    return Choice("device:\(listed.device.id)", label, selected: chosen)
                }),
        ]
    }
}

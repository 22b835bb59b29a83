import PatchbayAPI
import PatchbayCore

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

import PatchbayAPI
import PatchbayCore

/// Makes a managed VM.
struct VMForm: Sendable, Hashable {
    /// What is asked for where neither the form nor a profile says.
    static let usualVCPUs = 1
    static let usualMemoryMiB = 1024

    let name: String
    /// How large it is where nobody says.
    let usual = "\(usualVCPUs) vCPU and \(usualMemoryMiB) MiB"
    let hosts: [Choice]
    let guest: GuestFields
    let disk: String
    let formats: [Choice]
    let kernel: String
    let initrd: String
    let commandLine: String
    let accelerators: [Choice]
    let preview: VMPreview
    let problem: ProblemNote?

    init(
        _ entry: VMEntry, hosts: [API.Host], pools: [String], profiles: [API.Profile], preview: VMPreview,
        problem: Problem? = nil
    ) {
        let typed = entry.fields
        self.name = typed.raw("vm") ?? ""
        self.hosts = Choice.of(hosts.map(\.name), typed: typed.raw("host"), none: "where it would be placed now")
        self.guest = GuestFields(entry.guest, pools: pools, profiles: profiles)
        self.disk = typed.raw("disk") ?? ""
        self.formats = ["qcow2", "raw"].map { Choice($0, $0, selected: typed.raw("diskFormat")) }
        self.kernel = typed.raw("kernel") ?? ""
        self.initrd = typed.raw("initrd") ?? ""
        self.commandLine = typed.raw("commandLine") ?? ""
        self.accelerators =
            [Choice("", "KVM if the host has it", selected: typed.raw("accelerator") ?? "")]
            + GuestSpec.Accelerator.allCases.map {
                Choice($0.rawValue, $0.rawValue, selected: typed.raw("accelerator"))
            }
        self.preview = preview
        self.problem = problem.map { ProblemNote($0) }
    }
}

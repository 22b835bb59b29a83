import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension GuestSpec.Accelerator: ExpressibleByArgument {}
extension PinPolicy: ExpressibleByArgument {}

/// `patchbay vm create web-01 --disk /srv/web.qcow2`
struct VMCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Define a VM that Patchbay manages.",
        discussion: "Example:  patchbay vm create trainer-01 --cpus 8 --memory 16384 --disk /srv/trainer.qcow2")

    @Argument(help: "The VM's name.")
    var name: String
    @Option(help: "The host; may be left out when there is one only.")
    var host: String?
    @Option(
        help: ArgumentHelp("What is not said is as this profile says; see patchbay profile list.", valueName: "name"))
    var profile: String?
    @Option(help: "Virtual CPUs; 1 when neither this nor a profile says.")
    var cpus: Int?
    @Option(help: ArgumentHelp("Memory in MiB; 1024 when neither this nor a profile says.", valueName: "MiB"))
    var memory: Int?
    @Option(help: ArgumentHelp("A disk image on the host.", valueName: "path"))
    var disk: String?
    @Option(help: ArgumentHelp("qcow2 or raw.", valueName: "format"))
    var diskFormat: String?
    @Option(help: ArgumentHelp("A kernel on the host, to boot directly.", valueName: "path"))
    var kernel: String?
    @Option(help: ArgumentHelp("Its initial RAM disk.", valueName: "path"))
    var initrd: String?
    @Option(name: .customLong("append"), help: ArgumentHelp("Its command line.", valueName: "words"))
    var commandLine: String?
    @Option(help: "kvm or emulation; left out: KVM where the host has it.")
    var accelerator: GuestSpec.Accelerator?
    @Option(
        help: "How its CPUs are tied to the host's: none, shared, thread or core. thread and core need a pinned host.")
    var pin: PinPolicy?
    @Option(help: ArgumentHelp("Size of the pages its memory is made of: 2M or 1G.", valueName: "size"))
    var hugepages: String?
    @Option(help: "How many NUMA cells it sees; as few as will do when left out.")
    var cells: Int?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (disk == nil) != (kernel == nil) else {
            throw ValidationError("Say what it boots from: either --disk or --kernel")
        }
        if kernel == nil, initrd != nil || commandLine != nil {
            throw ValidationError("--initrd and --append belong to --kernel")
        }
        if disk == nil, diskFormat != nil { throw ValidationError("--disk-format belongs to --disk") }
        if let cpus, cpus < 1 { throw ValidationError("--cpus must be at least 1") }
        if let cells, cells < 1 { throw ValidationError("--cells must be at least 1") }
        if let memory, memory < 1 { throw ValidationError("--memory must be at least 1") }
    }

    func run() async throws {
        if let hugepages { _ = try HugepageWords.kibibytes(hugepages) }
        let draft = API.VMDraft(
            name: name, host: host, profile: profile, vcpus: cpus ?? (profile == nil ? 1 : nil),
            memoryMiB: memory ?? (profile == nil ? 1024 : nil), disk: disk, diskFormat: diskFormat, kernel: kernel,
            initrd: initrd, commandLine: commandLine, accelerator: accelerator, pin: pin, hugepages: hugepages,
            cells: cells)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.createVM(draft, dryRun: dryRun)
        }
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension GuestSpec.Accelerator: ExpressibleByArgument {}

/// `--disk-format`
enum DiskFormat: String, ExpressibleByArgument, CaseIterable { case qcow2, raw }

/// `patchbay vm create web-01 --disk /srv/web.qcow2`
struct VMCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a VM that Patchbay manages.",
        discussion: """
            Example:  patchbay vm create web-01 --cpus 8 --memory 16G --disk /srv/web.img
                      patchbay vm create trainer-02 --pool gpus --count 2 --disk /srv/t2.img
            """)

    @Argument(help: "The VM's name.")
    var name: String
    @Option(help: "The host; chosen by Patchbay when omitted.", completion: .names(.host))
    var host: String?
    @OptionGroup var choice: HostChoiceOptions
    @OptionGroup var size: GuestSizeOptions
    @OptionGroup var devices: DeviceOptions
    @Option(help: ArgumentHelp("A disk image on the host.", valueName: "path"))
    var disk: String?
    @Option(help: ArgumentHelp("Format of the disk image; qcow2 when omitted.", valueName: "format"))
    var diskFormat: DiskFormat?
    @Option(help: ArgumentHelp("A kernel on the host, to boot directly.", valueName: "path"))
    var kernel: String?
    @Option(help: ArgumentHelp("The initial RAM disk of the kernel.", valueName: "path"))
    var initrd: String?
    @Option(name: .customLong("append"), help: ArgumentHelp("The command line of the kernel.", valueName: "words"))
    var commandLine: String?
    @Option(help: ArgumentHelp("How the guest runs; kvm when omitted, if the host has it.", valueName: "mode"))
    var accelerator: GuestSpec.Accelerator?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (disk == nil) != (kernel == nil) else {
            throw ValidationError("Name what it boots from: either --disk or --kernel")
        }
        if kernel == nil, initrd != nil || commandLine != nil {
            throw ValidationError("--initrd and --append belong to --kernel")
        }
        if host != nil, !choice.labels.isEmpty { throw ValidationError("--host and --label exclude each other") }
        if disk == nil, diskFormat != nil { throw ValidationError("--disk-format belongs to --disk") }
    }

    func run() async throws {
        try size.check()
        let isBare = size.profile == nil
        let draft = API.VMDraft(
            name: name, host: host, profile: size.profile, vcpus: size.cpus ?? (isBare ? 1 : nil),
            memoryMiB: size.memory?.mebibytes ?? (isBare ? 1024 : nil), disk: disk, diskFormat: diskFormat?.rawValue,
            kernel: kernel,
            initrd: initrd, commandLine: commandLine, accelerator: accelerator, pin: size.pin,
            hugepages: size.hugepages, cells: size.cells, requests: devices.isEmpty ? nil : try devices.requests(),
            labels: try choice.neededLabels(), strategy: choice.strategy)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.createVM(draft, dryRun: dryRun)
        }
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// `patchbay host set atlas --label zone=a --cordon`
struct HostSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set a host's labels, CPU pinning and cordon state.",
        discussion: """
            Settings that are not given stay as they are. VMs on a cordoned host keep running. CPUs of a pinned host can be \
            dedicated to guests, so guests without dedicated CPUs are not placed there.
            Example:  patchbay host set atlas --label zone=a --pinned
                      patchbay host set atlas --cordon
            """)

    enum Door: String, EnumerableFlag {
        case cordon, uncordon

        static func help(for value: Door) -> ArgumentHelp? {
            switch value {
            case .cordon: "Place nothing new on the host; running VMs stay."
            case .uncordon: "Allow placement on the host again."
            }
        }
    }

    @Argument(help: "The host.", completion: .names(.host))
    var host: String
    @Option(
        name: .customLong("label"), parsing: .singleValue,
        help: ArgumentHelp("Set a label that claims can require (repeatable).", valueName: "name=value"))
    var labels: [String] = []
    @Option(
        name: .customLong("remove-label"), parsing: .singleValue,
        help: ArgumentHelp("Remove a label (repeatable).", valueName: "name"))
    var removed: [String] = []
    @Flag(inversion: .prefixedNo, exclusivity: .exclusive, help: "Keep the host for guests with dedicated CPUs.")
    var pinned: Bool?
    @Flag(exclusivity: .exclusive) var door: Door?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !labels.isEmpty || !removed.isEmpty || pinned != nil || door != nil else {
            throw ValidationError(
                "Name what to set: --label, --remove-label, --pinned, --no-pinned, --cordon or --uncordon")
        }
    }

    func run() async throws {
        let pairs = try PairText.pairs(labels, of: "label")
        for (name, value) in pairs.sorted(by: { $0.key < $1.key }) { try LabelWords.check(name, value) }
        let draft = API.HostSettingsDraft(
            labels: pairs.isEmpty ? nil : pairs, removeLabels: removed.isEmpty ? nil : removed, isPinned: pinned,
            isCordoned: door.map { $0 == .cordon })
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.editHost(host, draft, dryRun: dryRun)
        }
    }
}

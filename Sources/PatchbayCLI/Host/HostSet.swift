import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host set atlas --label zone=a --cordon`
struct HostSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Say what a host is for: labels, dedicated CPUs, whether anything new is placed on it.",
        discussion: """
            What is not named stays. A cordoned host keeps what runs on it. CPUs of a pinned host may be given to one guest \
            each, so guests without CPUs of their own are not placed on it.
            Example:  patchbay host set atlas --label zone=a --pinned
                      patchbay host set atlas --cordon
            """)

    enum Door: String, EnumerableFlag {
        case cordon, uncordon

        static func help(for value: Door) -> ArgumentHelp? {
            switch value {
            case .cordon: "Place nothing new on it; what runs goes on."
            case .uncordon: "Place on it again."
            }
        }
    }

    @Argument(help: "The host.")
    var host: String
    @Option(
        name: .customLong("label"), parsing: .singleValue,
        help: ArgumentHelp("A label for claims to ask for; can be given several times.", valueName: "name=value"))
    var labels: [String] = []
    @Option(
        name: .customLong("remove-label"), parsing: .singleValue,
        help: ArgumentHelp("A label to take away; can be given several times.", valueName: "name"))
    var removed: [String] = []
    @Flag(inversion: .prefixedNo, exclusivity: .exclusive, help: "Its CPUs may be given to guests for themselves.")
    var pinned: Bool?
    @Flag(exclusivity: .exclusive) var door: Door?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !labels.isEmpty || !removed.isEmpty || pinned != nil || door != nil else {
            throw ValidationError(
                "Say what to set: --label, --remove-label, --pinned, --no-pinned, --cordon or --uncordon")
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

import ArgumentParser

/// `-o`
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, wide, tree, name, json, yaml
}

/// How a command shows what it found.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Form of the output: table, wide, name, json or yaml.", valueName: "form"))
    var format: OutputFormat?
    @OptionGroup var short: ShortOutputOptions

    func validate() throws {
        try short.validate(beside: format)
        if format == .tree {
            throw ValidationError("Nothing can be drawn as a tree here: -o tree is for devices and groups")
        }
    }

    /// What was asked for, or `fallback`.
    func format(or fallback: OutputFormat = .table) -> OutputFormat { short.format ?? format ?? fallback }
}

/// The same for what can be drawn as a tree.
struct TreeOutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Form of the output: table, wide, tree, name, json or yaml.", valueName: "form"))
    var format: OutputFormat?
    @OptionGroup var short: ShortOutputOptions

    func validate() throws { try short.validate(beside: format) }

    /// What was asked for, or `fallback`.
    func format(or fallback: OutputFormat = .table) -> OutputFormat { short.format ?? format ?? fallback }
}

/// Two forms that have an option of their own.
struct ShortOutputOptions: ParsableArguments {
    @Flag(help: "The same as -o json.")
    var json = false

    @Flag(name: [.short, .long], help: "Names only; the same as -o name.")
    var quiet = false

    /// nil: neither was given.
    var format: OutputFormat? { json ? .json : quiet ? .name : nil }

    func validate(beside format: OutputFormat?) throws {
        guard [format != nil, json, quiet].filter({ $0 }).count <= 1 else {
            throw ValidationError("Only one of -o, --json and -q can be given")
        }
    }
}

/// Which columns and in which order.
struct ListOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("Columns to show, separated by commas.", valueName: "a,b"))
    var columns: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Column to sort by; a leading - turns the order.", valueName: "column"))
    var sort: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("Only what fits, for example 'state=free numa=0'.", valueName: "selector"))
    var filter: String?
}

/// `--host`
struct HostOption: ParsableArguments {
    @Option(help: ArgumentHelp("Only this host's.", valueName: "name"))
    var host: String?

    /// As it was typed; nil when it was not.
    var words: String? { host.map { "--host \($0)" } }
}

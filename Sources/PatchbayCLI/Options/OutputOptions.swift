import ArgumentParser

/// `-o`
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, wide, tree, name, json, yaml
}

/// `-o` of what cannot be drawn as a tree.
enum FlatOutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, wide, name, json, yaml

    var format: OutputFormat {
        switch self {
        case .table: .table
        case .wide: .wide
        case .name: .name
        case .json: .json
        case .yaml: .yaml
        }
    }
}

/// How a command shows what it found.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Output format.", valueName: "format"))
    var flat: FlatOutputFormat?
    @OptionGroup var short: ShortOutputOptions

    func validate() throws { try short.validate(beside: flat?.format) }

    /// What was asked for, or `fallback`.
    func format(or fallback: OutputFormat = .table) -> OutputFormat { short.format ?? flat?.format ?? fallback }
}

/// The same for what can be drawn as a tree.
struct TreeOutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Output format.", valueName: "format"))
    var format: OutputFormat?
    @OptionGroup var short: ShortOutputOptions

    func validate() throws { try short.validate(beside: format) }

    /// What was asked for, or `fallback`.
    func format(or fallback: OutputFormat = .table) -> OutputFormat { short.format ?? format ?? fallback }
}

/// Two forms that have an option of their own.
struct ShortOutputOptions: ParsableArguments {
    @Flag(help: "Same as -o json.")
    var json = false

    @Flag(name: [.short, .long], help: "Print names only; same as -o name.")
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
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Columns to show, separated by commas; an unknown one lists them all.", valueName: "columns"),
        completion: .columns)
    var columns: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Column to sort by; a leading - reverses the order.", valueName: "column"),
        completion: .sorting)
    var sort: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "List only what matches conditions on columns, such as 'host=atlas' (patchbay help filters).",
            valueName: "filter"),
        completion: .conditions)
    var filter: String?
}

/// `--host`
struct HostOption: ParsableArguments {
    @Option(help: ArgumentHelp("List only what is on this host.", valueName: "host"), completion: .names(.host))
    var host: String?

    /// - Parameter total: how many rows there are on all hosts, where that is known.
    func narrowing(of total: Int? = nil) -> Narrowing {
        Narrowing(words: host.map { "--host \($0)" }, total: total)
    }
}

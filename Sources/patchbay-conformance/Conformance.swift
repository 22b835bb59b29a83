import ArgumentParser

/// Holds our reading of things against data that others recorded.
@main
struct Conformance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbay-conformance",
        abstract: "Compare what Patchbay makes of recorded data with what is true of it.",
        subcommands: [MachinesCommand.self, NovaCommand.self, CasesCommand.self])
}

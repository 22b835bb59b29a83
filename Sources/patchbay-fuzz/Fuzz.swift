import ArgumentParser

/// Looks for inputs that make Patchbay trap, hang or grow: a host's files and settings are written by strangers.
@main
struct Fuzz: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbay-fuzz", abstract: "Look for inputs that Patchbay does not survive.",
        subcommands: [
            TreesCommand.self, InputsCommand.self, TreeWorkerCommand.self, InputWorkerCommand.self,
            PlacementCommand.self, VerdictsCommand.self,
        ])
}

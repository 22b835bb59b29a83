import ArgumentParser
import Foundation
import PatchbayCLI

/// The one binary: the CLI's nouns and verbs, and the daemons.
@main
struct Patchbay: AsyncParsableCommand {
    static let configuration = CLICommands.configuration(
        daemons: [ServeCommand.self, AgentCommand.self, LabCommand.self])

    static func main() async {
        Foundation.exit(await CLI.run(Patchbay.self))
    }
}

import ArgumentParser
import PatchbayAPI

/// The commands that talk to a server. An executable with more of them makes its own root with `CLICommands.all` in it.
package struct PatchbayCommand: AsyncParsableCommand {
    package static let configuration = CLICommands.configuration()
    package init() {}
}

/// What the root of every command tree of ours is made of.
package enum CLICommands {
    /// Every command of the CLI.
    package static let all: [any ParsableCommand.Type] = [
        StatusCommand.self, DoctorCommand.self, AttachCommand.self, DetachCommand.self, DeviceCommand.self,
        GroupCommand.self, USBCommand.self,
        PoolCommand.self, ApplyCommand.self, DiffCommand.self, ExportCommand.self, ProfileCommand.self,
        StoreCommand.self,
        ClaimCommand.self, WhatIfCommand.self, VMCommand.self, HostCommand.self, PlanCommand.self, EventsCommand.self,
        CompletionCommand.self, VersionCommand.self,
    ]

    /// - Parameter daemons: commands that only the executable has: `serve`, `agent`, `lab`.
    package static func configuration(daemons: [any ParsableCommand.Type] = []) -> CommandConfiguration {
        CommandConfiguration(
            commandName: "patchbay",
            abstract: "Lends a host's PCI devices to virtual machines, safely.",
            discussion: """
                First steps:
                  patchbay doctor                 can this machine lend devices?
                  patchbay status                 what there is, and what needs attention
                  patchbay device list            all devices, their state and why
                  patchbay device passthrough 41:00.0 --pool gpus --create
                  patchbay attach gpus --to VM --dry-run
                  patchbay claim explain --pool gpus --count 4
                                                  what fits, or what stands in the way
                  patchbay whatif --drain HOST    where everything would have to go

                Help topics, as in patchbay help selectors:
                  selectors, requests, policy, output, exit-codes, environment, any CODE
                """,
            version: AgentProtocol.version,
            subcommands: all + daemons)
    }
}

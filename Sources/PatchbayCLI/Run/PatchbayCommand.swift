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
            abstract: "Lends a host's PCI and USB devices to virtual machines, safely.",
            discussion: """
                First steps:
                  patchbay doctor                 check this machine
                  patchbay status                 hosts, devices, what needs attention
                  patchbay device list            all devices, their state and why
                  patchbay device passthrough 41:00.0 --pool gpus --create
                  patchbay attach gpus --to VM --dry-run
                  patchbay claim explain --pool gpus --count 4
                                                  what fits, or why it does not
                  patchbay whatif --drain HOST    what would have to move where

                Help topics, as in patchbay help filters:
                  filters, requests, policy, output, exit-codes, environment, any CODE
                """,
            version: AgentProtocol.version,
            subcommands: all + daemons)
    }
}

import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayLab

struct LabReboot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reboot", abstract: "Reboot a host, and wait until its agent has reported again.",
        discussion: """
            Its disk is kept: the agent's journal, VM definitions, files below /etc. Running VMs are killed. "reboot" \
            typed in the host does the same.
            """)

    @OptionGroup var options: LabOptions

    @Flag(help: "Reset it without flushing disks, like a power failure.")
    var now = false

    @Argument(help: ArgumentHelp("The host (default: the first).", valueName: "host"))
    var host: String?

    func run() async throws {
        let lab = options.lab
        let host = try lab.host(host)
        let start = Date()
        LabOutput.tell("\(host.name) reboots.")
        try await host.reboot(isAbrupt: now)
        guard host.hasAgent, let client = try lab.client else {
            LabOutput.tell("\(host.name) is up.")
            return
        }
        try await Lab.waitForReports(of: [host.name], since: start, from: client)
        LabOutput.tell("\(host.name) is up, and its agent has reported.")
    }
}

import ArgumentParser
import PatchbayCore
import PatchbayLab

struct LabDown: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop the hosts and the server; logs are kept until the next start.")

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.lab.down()
        print("The lab is down.")
    }
}

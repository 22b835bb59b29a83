import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay profile delete trainer`
struct ProfileDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a profile; VMs that were made from it stay as they are.")

    @Argument(help: "The profile.")
    var profile: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.deleteProfile(profile, dryRun: dryRun)
        }
    }
}

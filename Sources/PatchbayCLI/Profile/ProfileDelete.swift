import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay profile delete trainer`
struct ProfileDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete profiles; VMs that were made from them stay as they are.")

    @Argument(help: ArgumentHelp("The profiles.", valueName: "profile"), completion: .names(.profile))
    var profiles: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: profiles) {
            (profile, dryRun) async throws(Problem) in
            try await service.deleteProfile(profile, dryRun: dryRun)
        }
    }
}

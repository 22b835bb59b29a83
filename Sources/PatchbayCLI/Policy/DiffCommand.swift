import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay diff -f policy/`
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what apply would change.",
        discussion: """
            Exits with \(ExitStatus.done.rawValue) if nothing would change and with \
            \(ExitStatus.changesPending.rawValue) if something would; anything else is an error.
            """)

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let draft = try policy.draft()
        let service = try global.service()
        let change = try ChangeOptions.parse(["--dry-run", "--exit-code"])
        try await ChangeRunner(service, change, output, global).run(insteadOf: ("diff", "apply")) {
            (dryRun) async throws(Problem) in
            try await service.applyPolicy(draft, dryRun: dryRun)
        }
    }
}

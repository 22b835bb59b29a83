import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm confirm-off trainer-01 --reason "power cord pulled"`
struct VMConfirmOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm-off", abstract: "Confirm that a VM of a lost host is off; its claim ends.",
        discussion: """
            The reason is kept in the audit log. When the host comes back, its reports count again.
            """)

    @Argument(help: "The VM.", completion: .names(.vm))
    var vm: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        let statement = API.Statement(reason: try change.statedReason())
        try await ChangeRunner(service, change, output, global).run(isStatement: true) {
            (dryRun) async throws(Problem) in
            try await service.confirmOff(vm, statement, dryRun: dryRun)
        }
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim show job-17`
struct ClaimShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a claim: what it asks for, what it holds, and for how long.")

    @Argument(help: "The claim.", completion: .names(.claim))
    var claim: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let claim = try await global.service().claim(claim)
        try out.show(claim, name: claim.id) { ClaimRecord.make(claim, now: out.now) }
    }
}

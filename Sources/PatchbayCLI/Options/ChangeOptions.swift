import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// Flags of every command that changes something.
struct ChangeOptions: ParsableArguments {
    @Flag(name: [.customShort("n"), .long], help: "Print what would be done; change nothing.")
    var dryRun = false

    @Flag(help: "With --dry-run: exit with 10 if something would change.")
    var exitCode = false

    @Flag(name: [.short, .long], help: "Do not ask for confirmation.")
    var yes = false

    @Flag(inversion: .prefixedNo, help: "Wait until the change to the host (its plan) has ended.")
    var wait = true

    @Option(help: ArgumentHelp("Stop waiting after this time; the plan continues.", valueName: "duration"))
    var timeout: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Proceed despite a refusal with this code, such as data-at-risk; needs --reason (repeatable).",
            valueName: "code"))
    var allow: [String] = []

    @Option(help: ArgumentHelp("Reason for --allow; recorded in the audit log.", valueName: "text"))
    var reason: String?

    func validate() throws {
        if exitCode && !dryRun { throw ValidationError("--exit-code needs --dry-run") }
        if timeout != nil && !wait { throw ValidationError("--timeout and --no-wait exclude each other") }
    }

    /// The risks that are taken; nil: none.
    ///
    /// - Parameter isStatement: the command takes a reason without a risk, too.
    func takenRisk(isStatement: Bool) throws(Problem) -> TakenRisk? {
        if allow.isEmpty, isStatement { return nil }
        return try TakenRisk.said(allow: allow.isEmpty ? nil : allow.joined(separator: ","), reason: reason)
    }

    /// The reason of a command that is nothing but a statement.
    func statedReason() throws(Problem) -> String { try TakenRisk.reason(reason) }
}

import ArgumentParser

/// Flags of every command that changes something.
struct ChangeOptions: ParsableArguments {
    @Flag(name: [.customShort("n"), .long], help: "Print the plan, change nothing.")
    var dryRun = false

    @Flag(help: "With --dry-run: exit 10 when something would change.")
    var exitCode = false

    @Flag(name: [.short, .long], help: "Ask no question.")
    var yes = false

    @Flag(inversion: .prefixedNo, help: "Wait until the plan is over.")
    var wait = true

    @Option(help: ArgumentHelp("Stop waiting after this long; the plan goes on.", valueName: "duration"))
    var timeout: DurationArgument?

    func validate() throws {
        if exitCode && !dryRun { throw ValidationError("--exit-code needs --dry-run") }
        if timeout != nil && !wait { throw ValidationError("--timeout and --no-wait exclude each other") }
    }
}

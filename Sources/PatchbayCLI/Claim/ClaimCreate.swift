import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim create --system slurm/job-17 --pool gpus --count 4`
struct ClaimCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Claim devices for a system, or reserve them for later.",
        discussion: """
            Give --system or --reservation, and --pool, --device or --request. A claim is served at once or, with --wait, when \
            its turn comes; otherwise it is refused. A VM makes its claim when it starts.
            Example:  patchbay claim create --system slurm/job-17 --pool gpus --lease 4h
                      patchbay claim create --reservation night --request gpus:8 --wait
            """)

    @OptionGroup var wish: WishOptions
    @Option(
        help: ArgumentHelp(
            "Your name for the claim. Repeating the command with it returns the same claim.", valueName: "name"))
    var id: String?
    @Option(help: ArgumentHelp("Claims with a higher priority go first; 0 when omitted.", valueName: "number"))
    var priority: Int?
    @Option(
        help: ArgumentHelp(
            "How long the claim lasts once it is served, such as 4h. When omitted, it lasts until it is released.",
            valueName: "duration"))
    var lease: DurationArgument?
    @Flag(
        help: "Put the claim into the queue if nothing fits now. The command returns at once unless --timeout is given."
    )
    var wait = false
    @Option(
        help: ArgumentHelp(
            "With --wait: wait this long for it to be served; after that it stays in the queue.",
            valueName: "duration"))
    var timeout: DurationArgument?
    @Flag(name: [.customShort("n"), .long], help: "Print what would be claimed; change nothing.")
    var dryRun = false
    @Flag(help: "With --dry-run: exit with 10 if something would change.")
    var exitCode = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if exitCode && !dryRun { throw ValidationError("--exit-code needs --dry-run") }
        if timeout != nil && !wait { throw ValidationError("--timeout belongs to --wait") }
    }

    func run() async throws {
        var draft = try wish.draft()
        draft.id = id
        draft.priority = priority
        draft.leaseSeconds = lease?.seconds
        draft.waits = wait ? true : nil
        let service = try global.service()
        let wanted = draft
        let runner = ChangeRunner(service, try change(), output, global)
        try await runner.run(settle: { try await served($0, service) }) { (dryRun) async throws(Problem) in
            try await service.createClaim(wanted, dryRun: dryRun)
        }
    }

    /// The change once its claim is served; nil: it is, or nobody wants to wait for it.
    private func served(_ change: API.Change, _ service: any PatchbayService) async throws -> API.Change? {
        guard let timeout, let claim = change.claim, claim.phase == .pending else { return nil }
        var change = change
        let served = try await ClaimWatch(service: service, timeoutSeconds: timeout.seconds).follow(claim.id)
        change.claim = served
        change.message = "Claim \(served.id) is served\(served.host.map { " on \($0)" } ?? "")."
        return change
    }

    /// There is no plan to wait for and nothing that cannot be undone: `--wait` means the queue here.
    private func change() throws -> ChangeOptions {
        var options = try ChangeOptions.parse([])
        options.dryRun = dryRun
        options.exitCode = exitCode
        options.yes = true
        return options
    }
}

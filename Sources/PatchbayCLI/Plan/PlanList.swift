import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan list`
struct PlanList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All plans, newest first.")

    @OptionGroup var hostOption: HostOption
    @Option(help: ArgumentHelp("Maximum number of plans; 0: all of them.", valueName: "number"))
    var limit = 50
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must be 0 or more") }
    }

    func run() async throws {
        let out = Output(global, format: output.format())
        let plans = try await global.service().plans(host: hostOption.host)
        try out.list(
            plans, Self.listing(now: out.now), options: list, narrowing: hostOption.words,
            limit: limit == 0 ? nil : limit)
    }

    private static func listing(now: Int) -> Listing<API.Plan> {
        Listing(
            columns: [
                Column("plan") { Cell($0.id) },
                Column("title", shrinks: true) { Cell($0.title) },
                Column("host") { Cell($0.host) },
                Column("phase") { Cell($0.phase, $0.mark.colour) },
                Column("steps", .right) { plan in
                    Cell("\(plan.steps.filter { $0.status == "done" }.count)/\(plan.steps.count)")
                },
                Column("by") { Cell($0.actor) },
                Column("when") { Cell(TimeWords.ago($0.createdAt, now: now)) },
                Column("undone-by", isWide: true) { Cell($0.undoneBy) },
            ],
            mark: { $0.mark },
            name: { $0.id },
            empty: ["No plans yet.", "next  See what can be attached:  patchbay device list --where state=free"])
    }
}

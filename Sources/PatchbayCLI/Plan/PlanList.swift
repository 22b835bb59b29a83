import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// `patchbay plan list`
struct PlanList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List plans, newest first.",
        discussion: "Lists the 50 newest; --limit changes that.")
    static var choices: ListChoices { listing(now: 0).choices }

    @OptionGroup var hostOption: HostOption
    @OptionGroup var limit: LimitOption
    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        try await watch.list(
            service, out, Self.listing, options: list, narrowing: hostOption.narrowing(), limit: limit.most(or: 50)
        ) { () async throws(Problem) in
            try await service.plans(host: hostOption.host)
        }
    }

    private static let phases = ["queued", "running", "undoing", "applied", "rolled-back", "stuck"]

    private static func listing(now: Int) -> Listing<API.Plan> {
        Listing(
            columns: [
                Column("plan") { Cell($0.id) },
                Column("title", shrinks: true) { Cell($0.title) },
                Column("host") { Cell($0.host) },
                Column("phase", values: phases) { Cell($0.phase, $0.mark.colour) },
                Column("steps", .right) { plan in
                    Cell("\(plan.steps.filter { $0.status == "done" }.count)/\(plan.steps.count)")
                },
                Column("by") { Cell($0.actor) },
                Column("when", settled: { _ in "" }) { Cell(TimeWords.ago($0.createdAt, now: now)) },
                Column("undone-by", isWide: true) { Cell($0.undoneBy) },
            ],
            mark: { $0.mark },
            name: { $0.id },
            empty: ["No plans yet.", "next  See what can be attached:  patchbay device list --where state=free"])
    }
}

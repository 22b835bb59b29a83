import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan wait p-8a02`
struct PlanWait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a plan has ended; the exit code says how.")

    @Argument(help: "The plan.", completion: .names(.plan))
    var plan: String
    @Option(help: ArgumentHelp("Stop waiting after this time; the plan continues.", valueName: "duration"))
    var timeout: DurationArgument?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let watch = PlanWatch(service: try global.service(), timeoutSeconds: timeout?.seconds)
        var printer = PlanPrinter(out)
        defer { printer.closeLine() }
        let plan = try await watch.follow(plan) { printer.update($0) }
        printer.closeLine()
        switch out.format {
        case .json: out.write(try JSONText.pretty(plan))
        case .yaml: out.write(try YAMLText.render(plan))
        case .name: out.line(plan.id)
        case .table, .wide, .tree: if plan.phase == "applied" { out.line("Done.") }
        }
        if let failure = PlanFailure(plan) { throw failure }
    }
}

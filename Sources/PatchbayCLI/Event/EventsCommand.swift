import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay events`
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show the audit log: who did what, and what changed.",
        discussion: "Example:  patchbay events --follow --json | jq -c 'select(.kind==\"plan.stuck\")'")

    @Flag(name: [.short, .long], help: "Keep running and print new events.")
    var follow = false
    @Option(help: ArgumentHelp("Only events within this time.", valueName: "duration"))
    var since: DurationArgument?
    @Option(help: ArgumentHelp("Maximum number of past events; 0: none.", valueName: "number"))
    var limit = 50
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must be 0 or more") }
    }

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        // Opened before the past is read, so nothing falls between the two.
        let stream = follow ? try await service.eventStream(after: nil) : nil
        var last = 0
        for event in try await past(service, now: out.now) {
            try show(event, out)
            last = max(last, event.id)
        }
        guard let stream else { return }
        for try await event in stream where event.id > last || event.kind == "resync" {
            if event.kind == "resync" { out.talk("Some events were missed; continuing with new ones.") }
            try show(event, out)
        }
    }

    /// Oldest first, so the newest is next to the prompt.
    private func past(_ service: any PatchbayService, now: Int) async throws(Problem) -> [API.Event] {
        guard limit > 0 else { return [] }
        let events = try await service.events(limit: limit).sorted { $0.id < $1.id }
        guard let since else { return events }
        return events.filter { event in event.at.map { now - $0 <= since.seconds * 1000 } ?? false }
    }

    private func show(_ event: API.Event, _ out: Output) throws(Problem) {
        switch out.format {
        case .json: out.write(try JSONText.line(event))
        case .yaml: out.write("---\n" + (try YAMLText.render(event)))
        case .name: out.line(String(event.id))
        case .table, .wide, .tree: out.line(EventText.line(event, now: out.now))
        }
    }
}

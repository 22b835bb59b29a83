import ArgumentParser
import PatchbayAPI

/// How a guest is told to stop.
struct PowerOptions: ParsableArguments {
    @Flag(
        name: .customLong("now"),
        help: "Power off at once without asking the guest; unsaved data is lost.")
    var atOnce = false

    @Option(
        help: ArgumentHelp(
            "Time that the guest has to power off; 60s when omitted. If it still runs then, it is left running.",
            valueName: "duration"))
    var grace: DurationArgument?

    func validate() throws {
        if atOnce && grace != nil { throw ValidationError("--now and --grace exclude each other") }
    }

    var request: API.PowerRequest {
        API.PowerRequest(force: atOnce ? true : nil, timeoutSeconds: grace?.seconds)
    }
}

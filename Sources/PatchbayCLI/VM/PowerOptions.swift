import ArgumentParser
import PatchbayAPI

/// How a guest is told to stop.
struct PowerOptions: ParsableArguments {
    @Flag(
        name: .customLong("now"),
        help: "Do not ask the guest. End it at once; what it has not written to its disks is lost.")
    var atOnce = false

    @Option(
        help: ArgumentHelp(
            "How long the guest has to power off; 60s when left out. A guest that has not by then is left running.",
            valueName: "duration"))
    var grace: DurationArgument?

    func validate() throws {
        if atOnce && grace != nil { throw ValidationError("--now and --grace exclude each other") }
    }

    var request: API.PowerRequest {
        API.PowerRequest(force: atOnce ? true : nil, timeoutSeconds: grace?.seconds)
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayClient
import PatchbayCore

/// Flags of every command.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server: http://HOST:PORT, https://HOST or unix:/PATH. Default: PATCHBAY_SERVER, else the socket of the server on this machine.",
            valueName: "address"))
    var server: String?

    @Flag(name: [.short, .long], help: "Show more detail; in lists the same as -o wide.")
    var verbose = false

    @Flag(help: "Log each request with its duration to standard error.")
    var debug = false

    @Option(help: ArgumentHelp("When to use colour; NO_COLOR is honoured.", valueName: "when"))
    var color = ColorOption.auto

    /// The service that the command asks.
    func service() throws(Problem) -> any PatchbayService {
        let surroundings = Surroundings.current
        let environment = surroundings.environment
        let named = server ?? environment["PATCHBAY_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        let address = if let named { try ServerAddress(named) } else { ServerAddress.standard }
        let token = environment["PATCHBAY_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let trace = { @Sendable (trace: RequestTrace) in
            surroundings.talk("debug: \(trace.request)  \(trace.outcome)  \(trace.duration.milliseconds) ms\n")
        }
        return surroundings.connect(address, token, debug ? trace : nil)
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

import ArgumentParser
import Foundation
import PatchbayClient
import PatchbayCore
import PatchbayHost
import ServiceLifecycle
import UnixSignals

/// `patchbay agent`: makes this machine a host of a server elsewhere. It calls in; no port is opened.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Run the agent of this host for a server on another machine.")

    @Option(help: ArgumentHelp("The server: http://HOST:PORT, https://HOST or unix:PATH.", valueName: "address"))
    var server: String

    @Option(help: ArgumentHelp("A file that holds the server's token.", valueName: "path"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Name of this host.", valueName: "name"))
    var host: String = DaemonPlaces.hostName

    @Option(help: ArgumentHelp("Folder of the journal.", valueName: "dir"))
    var state: String = DaemonPlaces.state

    @Option(help: ArgumentHelp("The libvirt connection.", valueName: "uri"))
    var hypervisor = "qemu:///system"

    @Option(
        help: ArgumentHelp(
            "For tests: seconds that each reading of the host takes longer.", valueName: "seconds",
            visibility: .hidden))
    var readDelay: Int?

    func run() async throws {
        _ = FileLimit.raise()
        let server = try ServerAddress(server)
        let client = PatchbayClient(address: server, token: try token(for: server))
        let logger = DaemonLog.make("patchbay-agent")
        let agent = LocalAgent(
            host: host, state: state, hypervisor: hypervisor, link: client, logger: logger,
            peers: ServerPeers.resolve(server), readDelay: readDelay.map { .seconds($0) })
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: agent)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    /// Throws `.usage` where the server wants a token and there is none: it would be asked for ever.
    private func token(for server: ServerAddress) throws(Problem) -> String? {
        guard let tokenFile else {
            let token = ProcessInfo.processInfo.environment["PATCHBAY_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            switch server {
            case .unix: return token
            case .http where token != nil: return token
            case .http:
                throw Problem(
                    .usage, "The agent has no token for \(server).",
                    next: ["Copy the file \"token\" from the server's state folder, and name it: --token-file FILE"])
            }
        }
        do {
            return try String(contentsOfFile: tokenFile, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw Problem(
                .unreadable, "The token file \"\(tokenFile)\" cannot be read.",
                next: ["Copy the file \"token\" from the server's state folder."], cause: fileErrorWords(error))
        }
    }
}

import ArgumentParser
import Foundation
import PatchbayClient
import PatchbayCore
import ServiceLifecycle
import UnixSignals

/// `patchbay agent`: makes this machine a host of a server elsewhere. It calls in; no port is opened.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Run the agent of this host for a server elsewhere.")

    @Option(help: ArgumentHelp("The server: http://HOST:PORT, https://HOST or unix:PATH.", valueName: "address"))
    var server: String

    @Option(help: ArgumentHelp("A file with the server's token.", valueName: "path"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("What this host is called.", valueName: "name"))
    var host: String = DaemonPlaces.hostName

    @Option(help: ArgumentHelp("The journal lives here.", valueName: "dir"))
    var state: String = DaemonPlaces.state

    @Option(help: ArgumentHelp("Where libvirt is.", valueName: "uri"))
    var hypervisor = "qemu:///system"

    func run() async throws {
        _ = FileLimit.raise()
        let server = try ServerAddress(server)
        let client = PatchbayClient(address: server, token: try token())
        let logger = DaemonLog.make("patchbay-agent")
        let agent = LocalAgent(
            host: host, state: state, hypervisor: hypervisor, link: client, logger: logger,
            peers: ServerPeers.resolve(server))
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: agent)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private func token() throws(Problem) -> String? {
        guard let tokenFile else { return ProcessInfo.processInfo.environment["PATCHBAY_TOKEN"] }
        do {
            return try String(contentsOfFile: tokenFile, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw Problem(
                .unreadable, "The token file \"\(tokenFile)\" cannot be read.",
                next: ["Copy the file \"token\" from the server's state folder."], cause: "\(error)")
        }
    }
}

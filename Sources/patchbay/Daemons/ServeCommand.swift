import ArgumentParser
import Foundation
import Logging
import PatchbayAgent
import PatchbayCLI
import PatchbayCore
import PatchbayServer
import PatchbayStoreSQLite
import PatchbayWeb
import ServiceLifecycle
import UnixSignals

/// `patchbay serve`: the server, its dashboard and, unless told otherwise, the agent of this host.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server, the dashboard and the agent of this host.")

    @Option(help: ArgumentHelp("Address and port of the dashboard and the API.", valueName: "host:port"))
    var listen = "127.0.0.1:8420"

    @Option(help: ArgumentHelp("Folder of the store, the token and the journal.", valueName: "dir"))
    var state: String = DaemonPlaces.state

    @Option(help: ArgumentHelp("The unix socket for users of this machine.", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "A host name by which browsers reach the server, such as behind a proxy (repeatable).", valueName: "name"))
    var name: [String] = []

    @Option(help: ArgumentHelp("Name of this host.", valueName: "name"))
    var host: String = DaemonPlaces.hostName

    @Option(help: ArgumentHelp("The libvirt connection.", valueName: "uri"))
    var hypervisor = "qemu:///system"

    @Option(
        help: ArgumentHelp(
            "How long a plan may wait for its agent before it is withdrawn; 10m when omitted.", valueName: "duration"))
    var queueExpiry: DurationArgument?

    @Flag(help: "Do not run an agent; this machine lends no devices.")
    var noAgent = false

    func run() async throws {
        let address = try ListenAddress(listen)
        try DaemonPlaces.makeState(state)
        let socket = socket ?? (geteuid() == 0 ? "/run/patchbay/patchbay.sock" : "\(state)/patchbay.sock")
        try DaemonPlaces.make((socket as NSString).deletingLastPathComponent)
        let files = FileLimit.raise()
        let store = try SQLiteStore(path: "\(state)/patchbay.sqlite")
        let token = try TokenFile.read(orMakeAt: "\(state)/token")
        let logger = DaemonLog.make("patchbay")
        let now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970 * 1000) }
        let controlPlane = ControlPlane(
            store: store, now: now, newID: ShortID.make, queueExpirySeconds: queueExpiry?.seconds ?? 600, logger: logger
        )
        try await controlPlane.load()
        let access = Access(token: token.token, store: store, logger: logger, now: now)
        let pages = WebPages(service: controlPlane, forms: WebGate(access), now: now)
        let banner = Banner(state: state, token: token)
        var server = PatchbayServer(
            controlPlane: controlPlane, access: access,
            configuration: .init(
                host: address.host, port: address.port, socket: socket, names: Set(name.map { $0.lowercased() }),
                files: files),
            logger: logger, onListening: { banner.tell($0) }, addPages: { pages.add(to: $0) })
        try server.open()
        var services: [any Service] = [server]
        let underWay = PlansUnderWay()
        if !noAgent {
            services.append(
                LocalAgent(
                    host: host, state: state, hypervisor: hypervisor, link: controlPlane, logger: logger,
                    underWay: underWay))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        StopDeadline(logger: logger, plans: underWay).watch()
        try await group.run()
        try await store.close()
    }
}

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PatchbayAPI
import PatchbayCore
import ServiceLifecycle

/// The server: a control plane, its REST door on TCP and on a unix socket, and whatever pages are added.
///
/// A ServiceLifecycle service; ends with its task group, open streams included.
package struct PatchbayServer: Service {
    package struct Configuration: Sendable {
        package var host: String
        /// 0: any free one; `onListening` says which.
        package var port: Int?
        /// nil: no unix socket.
        package var socket: String?

        package init(host: String = "127.0.0.1", port: Int? = 8420, socket: String? = "/run/patchbay/patchbay.sock") {
            self.host = host
            self.port = port
            self.socket = socket
        }
    }

    /// Where the server can be reached.
    package enum Listening: Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    let controlPlane: ControlPlane
    let access: Access
    let configuration: Configuration
    let logger: Logger
    let onListening: @Sendable (Listening) async -> Void
    private let responder: RouterResponder<PatchbayContext>

    package init(
        controlPlane: ControlPlane, access: Access, configuration: Configuration, logger: Logger,
        onListening: @escaping @Sendable (Listening) async -> Void = { _ in },
        addPages: (Router<PatchbayContext>) -> Void = { _ in }
    ) {
        self.controlPlane = controlPlane
        self.access = access
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        responder =
            Self.router(controlPlane, access, hostNames: configuration.hostNames, addPages: addPages).buildResponder()
    }

    /// Everything that is served, for tests that need no socket.
    package static func router(
        _ controlPlane: ControlPlane, _ access: Access, hostNames: Set<String>?,
        addPages: (Router<PatchbayContext>) -> Void
    ) -> Router<PatchbayContext> {
        let router = Router(context: PatchbayContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: AccessMiddleware(access: access, hostNames: hostNames))
        RESTDoor(control: controlPlane).add(to: router)
        HealthDoor(control: controlPlane).add(to: router)
        addPages(router)
        return router
    }

    package func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await cancelWhenGracefulShutdown { try await controlPlane.run() } }
            for address in configuration.addresses {
                let application = application(at: address)
                group.addTask { try await application.run() }
            }
            // The first that ends, ends the others: half a server is worse than none. Asked to stop, all end by themselves.
            while !group.isEmpty {
                do { try await group.next() } catch is CancellationError {}
                if !Task.isShuttingDownGracefully { group.cancelAll() }
            }
        }
    }

    private func application(at address: BindAddress) -> some ApplicationProtocol {
        let onListening = onListening
        return Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: address, serverName: "patchbay"),
            onServerRunning: { channel in
                if let listening = Listening(channel.localAddress) { await onListening(listening) }
            }, logger: logger)
    }
}

extension PatchbayServer.Configuration {
    fileprivate var addresses: [BindAddress] {
        let tcp = port.map { BindAddress.hostname(host, port: $0) }
        return [tcp, socket.map { .unixDomainSocket(path: $0) }].compactMap { $0 }
    }

    /// What the Host header may say; nil where the listener is not on loopback.
    fileprivate var hostNames: Set<String>? {
        let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]
        return loopback.contains(host) || host == "::1" ? loopback : nil
    }
}

extension PatchbayServer.Listening {
    fileprivate init?(_ address: SocketAddress?) {
        switch address {
        case .v4?, .v6?:
            guard let address, let port = address.port else { return nil }
            self = .tcp(host: address.ipAddress ?? "", port: port)
        case .unixDomainSocket?:
            guard let path = address?.pathname else { return nil }
            self = .unix(path: path)
        case nil: return nil
        }
    }
}

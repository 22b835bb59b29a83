import Hummingbird
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
        /// What else the server is called, as by a proxy in front of it.
        package var names: Set<String>
        /// How many files the process may have open; the connections of all listeners are fewer.
        package var files: Int

        package init(
            host: String = "127.0.0.1", port: Int? = 8420, socket: String? = "/run/patchbay/patchbay.sock",
            names: Set<String> = [], files: Int = 1024
        ) {
            self.host = host
            self.port = port
            self.socket = socket
            self.names = names
            self.files = files
        }
    }

    /// Where the server can be reached.
    package enum Listening: Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    let controlPlane: ControlPlane
    let configuration: Configuration
    let logger: Logger
    let onListening: @Sendable (Listening) async -> Void
    private let responder: RouterResponder<PatchbayContext>
    private var listeners: [Listener]?

    package init(
        controlPlane: ControlPlane, access: Access, configuration: Configuration, logger: Logger,
        onListening: @escaping @Sendable (Listening) async -> Void = { _ in },
        addPages: (Router<PatchbayContext>) -> Void = { _ in }
    ) {
        self.controlPlane = controlPlane
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        responder =
            Self.router(controlPlane, access, hostNames: configuration.hostNames, addPages: addPages).buildResponder()
    }

    /// Takes the places to listen at, before anything else is started. Throws `.busy` when another process has one.
    package mutating func open() throws(Problem) { listeners = try makeListeners() }

    /// Everything that is served, for tests that need no socket.
    package static func router(
        _ controlPlane: ControlPlane, _ access: Access, hostNames: Set<String>?,
        addPages: (Router<PatchbayContext>) -> Void
    ) -> Router<PatchbayContext> {
        let router = Router(context: PatchbayContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: HeaderMiddleware())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: AccessMiddleware(access: access, hostNames: hostNames))
        RESTDoor(control: controlPlane).add(to: router)
        HealthDoor(control: controlPlane).add(to: router)
        addPages(router)
        return router
    }

    package func run() async throws {
        let listeners = try listeners ?? makeListeners()
        try await withThrowingTaskGroup { group in
            group.addTask { try await cancelWhenGracefulShutdown { try await controlPlane.run() } }
            for listener in listeners {
                group.addTask {
                    try await listener.run { channel in
                        if let listening = Listening(channel.localAddress) { await onListening(listening) }
                    }
                }
            }
            // The first that ends, ends the others: half a server is worse than none. Asked to stop, all end by themselves.
            while !group.isEmpty {
                do { try await group.next() } catch is CancellationError {}
                if !Task.isShuttingDownGracefully { group.cancelAll() }
            }
        }
    }

    private func makeListeners() throws(Problem) -> [Listener] {
        let files = configuration.files
        var listeners: [Listener] = []
        if let path = configuration.socket {
            let socket = try ListeningSocket.unix(path)
            listeners.append(Listener(socket, .unix(files: files), responder, logger))
        }
        if let port = configuration.port {
            do throws(Problem) {
                let socket = try ListeningSocket.tcp(host: configuration.host, port: port)
                listeners.append(Listener(socket, .tcp(files: files), responder, logger))
            } catch {
                for listener in listeners { listener.socket.removeFile() }
                throw error
            }
        }
        return listeners
    }
}

extension PatchbayServer.Configuration {
    /// What a browser's Host header may say; nil where the listener is not on loopback and no names are given.
    ///
    /// The names of loopback always do: a page that got one of them from its own name has that name in the header.
    var hostNames: Set<String>? {
        let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]
        let own = Self.inURL(host)
        guard loopback.contains(own) || !names.isEmpty else { return nil }
        return loopback.union(names.map(Self.inURL)).union(["0.0.0.0", "[::]"].contains(own) ? [] : [own])
    }

    /// An address of IPv6 has brackets there (RFC 3986, section 3.2.2).
    private static func inURL(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host.lowercased())]" : host.lowercased()
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

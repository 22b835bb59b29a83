import AsyncHTTPClient
import NIOCore
import PatchbayCore

extension HTTPClient {
    /// The connections of this process. Lives as long as the process, so nobody has to shut it down.
    ///
    /// Fails at once when nothing listens, instead of trying again until the connect timeout is over.
    static let patchbay = make(read: .seconds(60))
    /// For answers that may pause for ever.
    static let patient = make(read: nil)

    private static func make(read: TimeAmount?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: read))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}

extension Problem {
    /// Why a request got no answer.
    init(transport error: any Error, address: ServerAddress) {
        switch error {
        case let problem as Problem:
            self = problem
        case is CancellationError:
            self = .interruptedRequest
        case let http as HTTPClientError where http == .cancelled:
            self = .interruptedRequest
        case let http as HTTPClientError where http == .deadlineExceeded || http == .readTimeout:
            self.init(
                .timedOut, "The server at \(address) took too long to answer.",
                next: ["See whether it responds:  patchbay status", "See its log:  journalctl -u patchbay"])
        default:
            self.init(
                .serverUnreachable, "Cannot reach the Patchbay server at \(address).",
                next: [
                    "Start it on this machine:  patchbay serve",
                    "Or use another server:  PATCHBAY_SERVER=http://HOST:8420 patchbay status",
                ],
                cause: Self.words(for: error))
        }
    }

    private static let interruptedRequest = Problem(
        .interrupted, "The request was interrupted.", next: ["Try again."])

    private static func words(for error: any Error) -> String {
        switch error {
        case let system as IOError: errnoWords(system.errnoCode)
        case let http as HTTPClientError where http == .connectTimeout: "no answer within 5 s"
        case let http as HTTPClientError where http == .remoteConnectionClosed: "the server closed the connection"
        default: words(forForeign: error)
        }
    }

    /// Errors of packages that are not ours to import: known by their type's module, or by the resolver's name.
    private static func words(forForeign error: any Error) -> String {
        let text = String(describing: error)
        if String(reflecting: type(of: error)).hasPrefix("NIOSSL") {
            if text.contains("WRONG_VERSION_NUMBER") { return "The server does not speak TLS; use http://" }
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                return "This machine does not trust the server's certificate."
            }
            return "The server and this program have no TLS version in common."
        }
        return text.contains("UnknownHost") || text.contains("DNS error") ? "There is no host of that name." : text
    }
}

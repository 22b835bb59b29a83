import Hummingbird
import NIOCore

/// What travels with a request: the connection it came on, and who is asking once that is known.
package struct PatchbayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// As the audit log writes it; nil until access was decided.
    package var caller: String?
    /// The browser's session, where the caller came with one.
    package var session: String?
    /// The request carried the form token of its session in its head.
    var hasFormToken = false

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    package var maxUploadSize: Int { BodyLimit.request }
}

/// How many bytes a body may have.
enum BodyLimit {
    static let request = 1 << 20
    /// A report has the whole inventory of a host with everything known of each function: 10,000 of them take some 20 MiB.
    static let report = 128 << 20
    static let console = 64 << 10
}

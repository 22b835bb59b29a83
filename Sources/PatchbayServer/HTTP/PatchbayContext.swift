import Hummingbird
import NIOCore
import PatchbayAPI

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

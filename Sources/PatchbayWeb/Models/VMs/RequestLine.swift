import PatchbayAPI
import PatchbayCore

/// One line of a VM's wishes.
struct RequestLine: Sendable, Hashable {
    let request: String
    let sentence: String
    let target: Anchor
    let detachAction: String

    init(_ request: API.Request, sentence: String?, vm: String) {
        self.request = request.name
        if let pool = request.pool {
            self.target = Anchor(text: "pool \(pool)", href: Link.pool(pool))
            self.sentence = sentence ?? "\(request.count) × any of pool \(pool)"
        } else {
            let device = request.device ?? ""
            self.target = Anchor(text: device, href: Link.device(id: device))
            self.sentence = sentence ?? device
        }
        self.detachAction = Link.vm(vm) + "/detach"
    }
}

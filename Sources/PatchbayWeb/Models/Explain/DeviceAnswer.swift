import PatchbayAPI
import PatchbayCore

/// What becomes of one device in a claim.
struct DeviceAnswer: Sendable, Hashable {
    let mark: ReasonMark
    let address: String
    let href: String
    let name: String
    /// The first test that it fails, or which request it serves.
    let sentence: String
    /// The claims of who has it, where somebody has.
    let holder: Anchor?
    /// When the holder's lease ends.
    let until: Deadline?

    init(_ fit: API.DeviceFit, now: Int) {
        let id = DeviceName(fit.device)
        self.mark = ReasonMark(fit.reason?.code)
        self.address = id.address
        self.href = id.href
        self.name = fit.name
        self.sentence = fit.reason?.sentence ?? fit.request.map { "serves \($0)" } ?? "would do"
        self.holder = fit.holder.map { Anchor(text: $0, href: Link.claims(filter: $0)) }
        self.until = fit.until.map { Deadline($0, now: now) }
    }
}

/// A device that is known by its id alone.
struct DeviceName: Sendable, Hashable {
    /// `atlas/41:00.0`
    let short: String
    /// `41:00.0`
    let address: String
    var href: String { Link.device(id: short) }

    /// - Parameter id: `atlas/0000:41:00.0`; anything else is shown as it is.
    init(_ id: String) {
        if let parsed = try? DeviceID(id) {
            self.short = parsed.short
            self.address = parsed.key.short
        } else {
            self.short = id
            self.address = id
        }
    }
}

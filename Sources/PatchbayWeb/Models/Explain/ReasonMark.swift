import PatchbayAPI
import PatchbayCore

/// What a test says of a device or a host: shape and colour; the sentence stands beside it.
struct ReasonMark: Sendable, Hashable {
    let glyph: String
    let css: String

    /// nil: every test was passed.
    init(_ code: Reason.Code?) {
        let state: DeviceState? =
            switch code {
            case .held: .allocated
            case .blocked: .blocked
            case .host: .host
            case .missing: .missing
            case nil, .notInPool, .otherDevice, .deviceChanged, .otherNUMANode, .unknownNUMANode, .otherSocket,
                .wrongTags,
                .samePhysicalFunction, .topology, .goesAlong, .takenByRequest, .notEnough, .otherHost, .labels,
                .cordoned, .offline, .unreadable, .gone, .notPinned, .processors, .memory, .hugepages, .cells, .tooHard,
                .groupChanged:
                nil
            }
        self.glyph = state.map { String($0.glyph) } ?? (code == nil ? "✓" : "✕")
        self.css = state.map { "state-\($0.rawValue)" } ?? (code == nil ? "good" : "bad")
    }
}

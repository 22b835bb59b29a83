/// What an operator says of a host. Kept apart from what the host says of itself.
package struct HostSettings: Hashable, Codable, Sendable {
    /// `zone=a`, for claims to ask for.
    package var labels: [String: String]
    /// Its CPUs may be given to guests for themselves. Guests that float must not run there then: they would run on them.
    package var isPinned: Bool
    /// Nothing new is placed on it; what runs goes on.
    package var isCordoned: Bool

    package init(labels: [String: String] = [:], isPinned: Bool = false, isCordoned: Bool = false) {
        self.labels = labels
        self.isPinned = isPinned
        self.isCordoned = isCordoned
    }
}

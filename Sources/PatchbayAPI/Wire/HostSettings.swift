extension API {
    /// What an operator says of a host.
    package struct HostSettings: Codable, Hashable, Sendable {
        package var labels: [String: String]
        /// Its CPUs may be given to guests for themselves.
        package var isPinned: Bool
        /// Nothing new is placed on it.
        package var isCordoned: Bool
        package init(labels: [String: String] = [:], isPinned: Bool = false, isCordoned: Bool = false) {
            self.labels = labels
            self.isPinned = isPinned
            self.isCordoned = isCordoned
        }
    }

    /// What is left out stays as it is.
    package struct HostSettingsDraft: WireRequest, Hashable {
        /// Labels to set; others stay.
        package var labels: [String: String]?
        /// Labels to take away.
        package var removeLabels: [String]?
        package var isPinned: Bool?
        package var isCordoned: Bool?
        package init(
            labels: [String: String]? = nil, removeLabels: [String]? = nil, isPinned: Bool? = nil,
            isCordoned: Bool? = nil
        ) {
            self.labels = labels
            self.removeLabels = removeLabels
            self.isPinned = isPinned
            self.isCordoned = isCordoned
        }
    }
}

/// Why the host needs a device, with the evidence it stands on.
package struct HostUse: Hashable, Codable, Sendable {
    package enum Reason: String, Codable, Sendable, CaseIterable {
        /// A mounted file system lives on it.
        case mount
        /// Swap space in use lives on it.
        case swap
        /// It carries the default route, directly or under bridges, bonds and VLANs.
        case defaultRoute = "default-route"
        /// The firmware's console is on it.
        case bootDisplay = "boot-display"
        /// A PCI bridge: stays with the host whatever happens.
        case bridge
        /// Part of the chipset or of the board's management.
        case chipset
        /// Its virtual functions are in use.
        case virtualFunctions = "virtual-functions"
    }

    package enum Severity: String, Codable, Sendable {
        /// Taking it away can cut the host off or stop it: never handed over.
        case critical
        /// The host uses it now; it can be freed by a person first.
        case inUse = "in-use"
    }

    package var reason: Reason
    package var severity: Severity
    /// From what the host needs down to the function: `/`, `dm-0`, `md0`, `nvme0n1p2`, `nvme0n1`, `0000:01:00.0`.
    package var chain: [String]

    package init(_ reason: Reason, _ severity: Severity = .critical, chain: [String]) {
        self.reason = reason
        self.severity = severity
        self.chain = chain
    }

    /// `root file system: / → nvme0n1p2 → nvme0n1 → 0000:01:00.0`
    package var sentence: String { "\(words): \(chain.joined(separator: " → "))" }

    /// The reason in words.
    package var words: String {
        switch reason {
        case .mount: chain.first == "/" ? "root file system" : "mounted file system"
        case .swap: "swap space in use"
        case .defaultRoute: "default route"
        case .bootDisplay: "boot display"
        case .bridge: "PCI bridge"
        case .chipset: "chipset function"
        case .virtualFunctions: "virtual functions in use"
        }
    }
}

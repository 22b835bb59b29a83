import PatchbayCore

/// What a mounted file system stands on, as far as the tree tells.
package struct MountBacking: Hashable, Sendable {
    /// One way from the file system down to a disk.
    package struct Way: Hashable, Sendable {
        /// Block devices, outermost first; the mounts and files of other file systems that were passed are among them.
        package var names: [String]
        /// Outermost first, the disk's own controller last. Empty: a disk on no PCI bus.
        package var functions: [PCIAddress]
    }

    package var target: String
    package var source: String
    package var ways: [Way]
    /// Some of it cannot be told: any disk may be behind it.
    package var isUnknown: Bool

    package init(target: String, source: String, ways: [Way] = [], isUnknown: Bool = false) {
        self.target = target
        self.source = source
        self.ways = ways
        self.isUnknown = isUnknown
    }
}

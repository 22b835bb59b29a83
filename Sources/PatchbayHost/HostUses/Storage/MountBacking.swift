import PatchbayCore

/// What a mounted file system stands on, as far as the tree tells.
package struct MountBacking: Hashable, Sendable {
    /// One way from the file system down to a disk.
    package struct Way: Hashable, Sendable {
        /// Block devices, outermost first; the mounts and files of other file systems that were passed are among them.
        package var names: [String]
        /// Where the disk is plugged in; without functions: on no PCI bus.
        package var place: DevicePlace
        /// Outermost first, the disk's own controller last.
        package var functions: [PCIAddress] { place.functions }
    }

    /// Another machine that some of it comes from.
    package struct Remote: Hashable, Sendable {
        /// As in `Way`.
        package var names: [String]
        /// nil: not told.
        package var address: IPAddress?
    }

    package var target: String
    package var source: String
    package var ways: [Way]
    package var remotes: [Remote]
    /// Some of it cannot be told: any disk may be behind it.
    package var hasUnknownPart: Bool
    /// Block devices that software makes, which do not say what they stand on: `ublkb0`, a replica without a disk here.
    package var untold: [String] = []
    package var isUnknown: Bool { hasUnknownPart || !untold.isEmpty }

    package init(
        target: String, source: String, ways: [Way] = [], remotes: [Remote] = [], hasUnknownPart: Bool = false
    ) {
        self.target = target
        self.source = source
        self.ways = ways
        self.remotes = remotes
        self.hasUnknownPart = hasUnknownPart
    }

    /// Another mount namespace has it: its target is no place of the host's.
    package var isElsewhere = false

    /// Losing it stops the host, or what it is for.
    var isVital: Bool { !isElsewhere && Mount.isVital(target) }
}

/// VFIO on this kernel.
package struct VFIOFacts: Hashable, Codable, Sendable {
    /// Modules of the vfio family that are loaded, sorted.
    package var loaded: [String]
    /// Drivers of one model that take vfio-pci's place: names from `modules.alias` lines that begin `vfio_pci:`, sorted.
    package var variantDrivers: [String]
    /// `/dev/iommu` is there.
    package var hasIOMMUFD: Bool
    /// Module parameters that were read: `vfio_pci.ids` → `10de:2204`.
    package var parameters: [String: String]

    package init(
        loaded: [String] = [], variantDrivers: [String] = [], hasIOMMUFD: Bool = false,
        parameters: [String: String] = [:]
    ) {
        self.loaded = loaded
        self.variantDrivers = variantDrivers
        self.hasIOMMUFD = hasIOMMUFD
        self.parameters = parameters
    }
}

/// The programs that run guests, with versions where they could be told without running anything on a recorded tree.
package struct SoftwareFacts: Hashable, Codable, Sendable {
    package var qemu: SoftwareVersion?
    package var libvirt: SoftwareVersion?
    /// UEFI images for guests: paths of firmware descriptors or images, sorted.
    package var guestFirmware: [String]
    /// Bytes that the daemon that starts guests may lock; -1: no limit; nil: not told.
    package var lockableBytes: Int?
    /// The proprietary or vendor GPU driver that is loaded: `nvidia` → `550.90.07`.
    package var vendorDrivers: [String: String]

    package init(
        qemu: SoftwareVersion? = nil, libvirt: SoftwareVersion? = nil, guestFirmware: [String] = [],
        lockableBytes: Int? = nil, vendorDrivers: [String: String] = [:]
    ) {
        self.qemu = qemu
        self.libvirt = libvirt
        self.guestFirmware = guestFirmware
        self.lockableBytes = lockableBytes
        self.vendorDrivers = vendorDrivers
    }
}

/// A version of up to three numbers: `9.0.0`.
package struct SoftwareVersion: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int
    package var patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// The first number of the form `N.N` or `N.N.N` in a text. nil: there is none.
    package init?(in text: some StringProtocol) {
        let isOfNumber = { (character: Character) in character.isNumber || character == "." }
        for word in text.split(whereSeparator: { !isOfNumber($0) }) {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { continue }
            self.init(major, minor, parts.count > 2 ? parts[2] ?? 0 : 0)
            return
        }
        return nil
    }

    package var description: String { "\(major).\(minor).\(patch)" }
    package static func < (a: SoftwareVersion, b: SoftwareVersion) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }
}

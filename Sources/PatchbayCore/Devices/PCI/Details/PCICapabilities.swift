/// What a function announces in its config space.
///
/// Source: PCI Local Bus Specification 3.0 section 6.7, PCI Express Base Specification 6.0 chapter 7;
/// `include/uapi/linux/pci_regs.h`.
package struct PCICapabilities: Hashable, Codable, Sendable {
    /// Ids of the standard list, in its order.
    package var standard: [UInt8]
    /// Ids of the extended list, in its order; nil: only the first 256 bytes could be read.
    package var extended: [UInt16]?
    /// The lists ended as they should: no loop, no pointer out of bounds.
    package var isSound: Bool
    package var express: PCIExpressCapability?
    /// Function-level reset by the Advanced Features capability.
    package var hasAFReset: Bool
    /// Going to D3hot and back resets it (No_Soft_Reset is clear).
    package var resetsOnPowerUp: Bool
    /// Vectors of MSI; nil: not there.
    package var msiVectors: Int?
    /// Table size of MSI-X; nil: not there.
    package var msixVectors: Int?
    package var acs: ACS?
    package var ats: Bool?
    /// Page request interface is announced.
    package var hasPRI: Bool
    package var hasPASID: Bool
    package var hasARI: Bool
    package var hasAER: Bool
    package var sriov: SRIOVCapability?
    package var resizableBARs: [ResizableBAR]
    package var serialNumber: UInt64?

    package init(
        standard: [UInt8] = [], extended: [UInt16]? = nil, isSound: Bool = true, express: PCIExpressCapability? = nil,
        hasAFReset: Bool = false, resetsOnPowerUp: Bool = false, msiVectors: Int? = nil, msixVectors: Int? = nil,
        acs: ACS? = nil, ats: Bool? = nil, hasPRI: Bool = false, hasPASID: Bool = false, hasARI: Bool = false,
        hasAER: Bool = false, sriov: SRIOVCapability? = nil, resizableBARs: [ResizableBAR] = [],
        serialNumber: UInt64? = nil
    ) {
        self.standard = standard
        self.extended = extended
        self.isSound = isSound
        self.express = express
        self.hasAFReset = hasAFReset
        self.resetsOnPowerUp = resetsOnPowerUp
        self.msiVectors = msiVectors
        self.msixVectors = msixVectors
        self.acs = acs
        self.ats = ats
        self.hasPRI = hasPRI
        self.hasPASID = hasPASID
        self.hasARI = hasARI
        self.hasAER = hasAER
        self.sriov = sriov
        self.resizableBARs = resizableBARs
        self.serialNumber = serialNumber
    }
}

/// The PCI Express capability (id 0x10).
package struct PCIExpressCapability: Hashable, Codable, Sendable {
    package enum PortType: UInt8, Codable, Sendable {
        case endpoint = 0
        case legacyEndpoint = 1
        case rootPort = 4
        case upstreamPort = 5
        case downstreamPort = 6
        case toConventionalBridge = 7
        case fromConventionalBridge = 8
        case integratedEndpoint = 9
        case eventCollector = 10
    }
    /// nil: a type the specification does not know.
    package var portType: PortType?
    /// Function-level reset (Device Capabilities bit 28).
    package var hasFLR: Bool
    /// Link Capabilities: hundredths of GT/s and lanes; nil for integrated endpoints.
    package var maxSpeed: Int?
    package var maxWidth: Int?

    package init(portType: PortType?, hasFLR: Bool, maxSpeed: Int? = nil, maxWidth: Int? = nil) {
        self.portType = portType
        self.hasFLR = hasFLR
        self.maxSpeed = maxSpeed
        self.maxWidth = maxWidth
    }
}

/// Access Control Services (extended id 0x0d): what a port can keep apart, and what it is told to.
package struct ACS: Hashable, Codable, Sendable {
    /// Bits of the capability and control registers.
    package struct Bits: OptionSet, Hashable, Codable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let sourceValidation = Bits(rawValue: 1 << 0)
        package static let translationBlocking = Bits(rawValue: 1 << 1)
        package static let requestRedirect = Bits(rawValue: 1 << 2)
        package static let completionRedirect = Bits(rawValue: 1 << 3)
        package static let upstreamForwarding = Bits(rawValue: 1 << 4)
        package static let egressControl = Bits(rawValue: 1 << 5)
        package static let directTranslated = Bits(rawValue: 1 << 6)
        /// What the kernel wants on every port of the way (`REQ_ACS_FLAGS` in `drivers/iommu/iommu.c`).
        package static let forIsolation: Bits = [
            .sourceValidation, .requestRedirect, .completionRedirect, .upstreamForwarding,
        ]
    }
    package var capable: Bits
    package var enabled: Bits

    package init(capable: Bits, enabled: Bits) {
        self.capable = capable
        self.enabled = enabled
    }
}

/// The SR-IOV capability (extended id 0x10). The driver may allow fewer: `PCIRole.physical(total:)` says how many.
package struct SRIOVCapability: Hashable, Codable, Sendable {
    package var initialVFs: Int
    package var totalVFs: Int
    package var numVFs: Int
    package var firstOffset: Int
    package var stride: Int
    package var vfDeviceID: UInt16

    package init(initialVFs: Int, totalVFs: Int, numVFs: Int, firstOffset: Int, stride: Int, vfDeviceID: UInt16) {
        self.initialVFs = initialVFs
        self.totalVFs = totalVFs
        self.numVFs = numVFs
        self.firstOffset = firstOffset
        self.stride = stride
        self.vfDeviceID = vfDeviceID
    }
}

/// A BAR whose size can be chosen (extended id 0x15).
package struct ResizableBAR: Hashable, Codable, Sendable {
    package var index: Int
    /// Powers of two, counted from 1 MiB: 0 is 1 MiB, 15 is 32 GiB. Sorted.
    package var sizes: [Int]
    package var current: Int

    package init(index: Int, sizes: [Int], current: Int) {
        self.index = index
        self.sizes = sizes
        self.current = current
    }
}

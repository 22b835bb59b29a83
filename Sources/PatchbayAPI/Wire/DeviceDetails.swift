import PatchbayCore

extension API {
    /// What is known of a device beside what lists show. Only in the answer about one device; absent parts were not read
    /// or are not there.
    package struct DeviceDetails: Codable, Hashable, Sendable {
        package var identity: Identity?
        package var isolation: Isolation?
        package var capabilities: Capabilities?
        package var link: Link?
        /// D0, D1, D2, D3hot, D3cold, unknown.
        package var powerState: String?
        package var slot: Slot?
        package var rom: OptionROM?
        package var errors: ErrorCounts?
        /// It does not answer: `reason` of the device says how that shows.
        package var isSilent: Bool?
        /// Who has its nodes open.
        package var holders: [Holder]?
        /// What it can be cut into.
        package var mediated: MediatedParent?
        /// The bridges and switches above it, from the root complex down, by address.
        package var path: [String]?
    }

    /// By what a device is recognised after a boot or when it was moved. Its address is no part of it.
    package struct Identity: Codable, Hashable, Sendable {
        package var topologyPath: String
        package var id: String
        package var subsystem: String?
        package var serials: [Serial]
        /// By what it is told from others, in words, the most telling first.
        package var recognisedBy: [String]
    }

    package struct Serial: Codable, Hashable, Sendable {
        /// dsn, vpd, nvme, mac, usb
        package var kind: String
        package var value: String
    }

    package struct Capabilities: Codable, Hashable, Sendable {
        /// Ids of the standard list and, where it could be read, of the extended list, in their order.
        package var standard: [Int]
        package var extended: [Int]?
        /// Both lists ended as they should.
        package var isSound: Bool
        /// `endpoint`, `root port`, ...; absent: conventional PCI or not known.
        package var portType: String?
        /// `flr`, `af`, `pm`: ways the function itself offers to be reset.
        package var resets: [String]
        package var msiVectors: Int?
        package var msixVectors: Int?
        package var acs: ACS?
        /// Address translation service: absent without, else whether it is on.
        package var ats: Bool?
        package var hasPRI: Bool
        package var hasPASID: Bool
        package var hasARI: Bool
        package var hasAER: Bool
        package var sriov: SRIOV?
        package var resizableBARs: [ResizableBAR]
    }

    /// Access control of a port: each bit it can do, and whether it is on.
    package struct ACS: Codable, Hashable, Sendable {
        package var capable: [String]
        package var enabled: [String]
    }

    /// What the capability says. The driver may allow fewer: `totalVFs` of the device is what can be made.
    package struct SRIOV: Codable, Hashable, Sendable {
        package var initialVFs: Int
        package var totalVFs: Int
        package var numVFs: Int
        package var firstOffset: Int
        package var stride: Int
        package var vfDeviceID: String
    }

    package struct ResizableBAR: Codable, Hashable, Sendable {
        package var index: Int
        package var sizesMiB: [Int]
        package var currentMiB: Int
    }

    /// Speeds in millions of transfers a second: 16 GT/s is 16000.
    package struct Link: Codable, Hashable, Sendable {
        package var speedMTs: Int?
        package var width: Int?
        package var maxSpeedMTs: Int?
        package var maxWidth: Int?
        /// What the port above can do at most.
        package var upstreamMaxSpeedMTs: Int?
        package var upstreamMaxWidth: Int?
        /// Fewer lanes than both ends can do.
        package var isNarrow: Bool
        /// Slower than both ends can do; a device at rest may be, and be fast again when it works.
        package var isSlow: Bool
        /// The narrowest link on the way to the root port; absent: it is this one.
        package var bottleneck: Bottleneck?
    }

    /// A link above a switch that carries less than the link of a device behind it. Speeds as in `Link`.
    package struct Bottleneck: Codable, Hashable, Sendable {
        /// Address of the port whose link it is.
        package var port: String
        package var speedMTs: Int?
        package var width: Int?
        /// What both its ends can do at most.
        package var maxSpeedMTs: Int?
        package var maxWidth: Int?
    }

    package struct Slot: Codable, Hashable, Sendable {
        package var name: String?
        package var label: String?
        package var index: Int?
    }

    package struct OptionROM: Codable, Hashable, Sendable {
        /// Code types of its images in order: 0 legacy, 1 Open Firmware, 3 UEFI.
        package var codeTypes: [Int]
        package var hasUEFI: Bool
        package var isSound: Bool
        /// A copy that the firmware may have changed.
        package var isShadow: Bool
    }

    package struct ErrorCounts: Codable, Hashable, Sendable {
        package var correctable: Int
        package var nonfatal: Int
        package var fatal: Int
    }

    /// A process that has a node of a device open.
    package struct Holder: Codable, Hashable, Sendable {
        package var pid: Int
        package var command: String
        package var node: String
        package var unit: String?
        package var container: String?
        /// The name of the known way to make it let go.
        package var recipe: String?
    }
}

import PatchbayCore

extension API {
    /// What a host tells beside its PCI devices.
    package struct Survey: Codable, Hashable, Sendable {
        package var host: String
        /// False: its agent has not looked yet, and everything else is empty.
        package var wasRead: Bool
        package var platform: Platform
        package var usb: [USBDevice]
        package var mediatedParents: [MediatedParent]
        package var mediatedDevices: [MediatedDevice]
        /// By the device's address.
        package var holders: [String: [Holder]]
    }

    /// The machine and its system below the guests.
    package struct Platform: Codable, Hashable, Sendable {
        package var numaCells: [NUMACell]
        package var cpu: CPU
        package var firmware: Firmware
        package var boot: Boot
        package var iommu: IOMMU
        package var vfio: VFIO
        package var software: Software
        /// Systemd units that matter, with their state.
        package var units: [String: String]
    }

    package struct NUMACell: Codable, Hashable, Sendable {
        package var node: Int
        package var cpus: [Int]
        package var sockets: [Int]
        package var memoryMiB: Int?
        package var freeMiB: Int?
        package var hugepages: [Hugepages]
        /// To all nodes in the kernel's order; its own is 10.
        package var distances: [Int]
    }

    package struct Hugepages: Codable, Hashable, Sendable {
        package var sizeKiB: Int
        package var total: Int
        package var free: Int
    }

    package struct CPU: Codable, Hashable, Sendable {
        package var vendor: String?
        package var model: String?
        package var sockets: Int?
        package var cores: Int?
        package var threads: Int?
        package var isolated: [Int]
        package var nohzFull: [Int]
        package var hasVirtualization: Bool?
        package var isGuest: Bool?
    }

    package struct Firmware: Codable, Hashable, Sendable {
        package var systemVendor: String?
        package var productName: String?
        package var boardVendor: String?
        package var boardName: String?
        package var biosVendor: String?
        package var biosVersion: String?
    }

    package struct Boot: Codable, Hashable, Sendable {
        package var distribution: String?
        package var loader: String?
        package var configurationFile: String?
        /// What the next boot is configured with.
        package var configured: [String]?
        /// What this boot was started with.
        package var running: [String]?
        package var moduleOptions: [String]
        package var isUEFI: Bool?
        package var isSecureBoot: Bool?
        package var lockdown: String?
    }

    package struct IOMMU: Codable, Hashable, Sendable {
        package var firmwareTables: [String]
        package var units: [String]
        package var groupCount: Int
        package var hasInterruptRemapping: Bool?
        package var platformCanRemapInterrupts: Bool?
        package var allowsUnsafeInterrupts: Bool?
        package var allowsNoIOMMU: Bool?
        package var acsOverride: String?
        package var weakenedACS: [String]
    }

    package struct VFIO: Codable, Hashable, Sendable {
        package var loaded: [String]
        package var variantDrivers: [String]
        package var hasIOMMUFD: Bool
        package var parameters: [String: String]
    }

    package struct Software: Codable, Hashable, Sendable {
        package var qemu: String?
        package var libvirt: String?
        package var guestFirmware: [String]
        /// -1: no limit.
        package var lockableBytes: Int?
        package var vendorDrivers: [String: String]
    }
}

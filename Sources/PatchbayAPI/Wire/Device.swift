import PatchbayCore

extension API {
    package struct Device: Codable, Hashable, Sendable {
        /// `atlas/0000:41:00.0`
        package var id: String
        /// `atlas/41:00.0`
        package var shortID: String
        package var host: String
        package var kind: DeviceKind
        /// `0000:41:00.0`, `usb-1-3.1`
        package var address: String
        package var name: String
        package var vendorID: String
        package var deviceID: String
        package var vendorName: String?
        package var deviceName: String?
        package var subsystemID: String?
        package var subsystemName: String?
        package var classCode: String
        package var className: String?
        package var revision: String?
        package var driver: String?
        package var driverOverride: String?
        package var iommuGroup: Int?
        package var numaNode: Int?
        /// `type-PCI`, `type-PF`, `type-VF`; absent: not a PCI function.
        package var role: String?
        /// The PF of a VF, the controller of a USB device.
        package var parent: String?
        package var totalVFs: Int?
        package var activeVFs: Int?
        package var isBridge: Bool
        package var isBootDisplay: Bool?
        package var bars: [BAR]
        package var resetMethods: [String]?
        package var topologyPath: String
        package var nodes: [String]
        package var state: DeviceState
        /// One sentence: why it is in this state.
        package var reason: String
        /// Addresses that go along with it, and bridges of its group that stay.
        package var companions: [String]
        package var bridges: [String]
        /// Addresses of its group that are part of the chipset and without a driver of the host: left as they are, given to
        /// no guest. Absent: none.
        package var parked: [String]?
        /// What may bring a device back that does not answer, one step a line. Absent: it answers.
        package var waysOut: [String]?
        package var pools: [String]
        /// Who holds it, or will when its plan is through: `VM trainer-01`, `system slurm/job-17`, `reservation night`.
        package var holder: String?
        /// The VM, where one holds it.
        package var vm: String?
        package var hostUses: [HostUse]
        /// Set while Patchbay has it on vfio-pci.
        package var binding: Binding?
        /// The most severe of `hostUses` in one word.
        package var verdict: HostVerdict = .free
        /// Only in the answer about one device.
        package var details: DeviceDetails?
    }

    package struct BAR: Codable, Hashable, Sendable {
        package var index: Int
        package var sizeBytes: UInt64
        package var kind: String
        package var isPrefetchable: Bool
    }

    package struct HostUse: Codable, Hashable, Sendable {
        package var reason: String
        package var severity: String
        package var chain: [String]
        package var sentence: String
    }

    package struct Binding: Codable, Hashable, Sendable {
        package var originalDriver: String?
        package var plan: String
        /// It stays on vfio-pci when its VM stops: its pool is eager, or it was prepared by hand. Absent: it does not.
        package var staysReady: Bool?
    }

    package struct Group: Codable, Hashable, Sendable {
        package var host: String
        package var number: Int
        package var domainType: String?
        package var members: [Device]
        package var isolation: Isolation?
        /// Absent: not read.
        package var reservedRegions: [ReservedRegion]?
    }

    /// Which devices, in which order. All nil: every PCI function, by host and address.
    package struct DeviceQuery: Codable, Hashable, Sendable {
        /// nil: pci.
        package var kind: DeviceKind?
        package var host: String?
        /// `state=free numa=0 name*=A100`: conditions that must all hold, separated by spaces; values may be quoted.
        package var filter: String?
        /// A column: device, name, group, numa, driver, state, host. A leading `-` turns the order.
        package var sort: String?
        package init(kind: DeviceKind? = nil, host: String? = nil, filter: String? = nil, sort: String? = nil) {
            self.kind = kind
            self.host = host
            self.filter = filter
            self.sort = sort
        }
    }
}

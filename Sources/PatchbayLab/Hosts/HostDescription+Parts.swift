extension HostDescription {
    package struct Bridge: Hashable, Sendable, Encodable {
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// A PCI Express expander bus: a root complex of its own on a NUMA node.
            case rootComplex = "root-complex"
            case rootPort = "root-port"
            /// PCI Express to conventional PCI: everything behind it shares an IOMMU group.
            case conventional
        }
        package var id: String
        package var kind: Kind
        /// A bridge's id; nil: the machine's own root bus.
        package var bus: String?
        package var slot: Int
        /// Of a root complex.
        package var numaNode: Int?
        /// The bus number that a root complex starts from.
        package var firstBus: Int?
    }

    /// A disk image; made blank when the host is first started.
    package struct Drive: Hashable, Sendable, Encodable {
        package enum FileSystem: String, Hashable, Sendable, Codable { case ext4 }
        package var id: String
        package var sizeMiB: Int
        package var fileSystem: FileSystem?
        /// The text that the image starts with, for recognising it from inside a guest.
        package var begins: String?
    }

    package struct Device: Hashable, Sendable, Encodable {
        package enum Network: String, Hashable, Sendable, Codable {
            /// Reaches this machine's loopback as 10.0.2.2.
            case outside
            /// Link up, nobody there.
            case isolated
        }
        package var id: String
        /// QEMU's name for the model: `edu`, `nvme`, `e1000e`; `qemu-system-x86_64 -device help` lists them.
        package var model: String
        /// A bridge's id, or a USB controller's; nil: the machine's own root bus.
        package var bus: String?
        package var slot: Int
        package var function: Int
        package var multifunction: Bool
        package var drive: String?
        package var network: Network?
        /// The most SR-IOV virtual functions it can make; 0: none.
        package var virtualFunctions: Int
        /// Passed to QEMU as they are.
        package var properties: [String: String]

        package var isUSB: Bool { model.hasPrefix("usb-") }
        package var isUSBController: Bool { model.contains("xhci") }
    }
}

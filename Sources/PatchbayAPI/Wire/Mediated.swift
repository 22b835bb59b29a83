import PatchbayCore

extension API {
    /// A function that can be cut into mediated devices or vGPUs, and what it offers now.
    package struct MediatedParent: Codable, Hashable, Sendable {
        /// `atlas/0000:06:00.0`
        package var device: String
        /// mdev, vendor-vfio
        package var kind: String
        package var types: [MediatedType]
        /// Vendor-VFIO: the type that is set.
        package var currentType: String?
        package var mig: MIGState?
    }

    package struct MediatedType: Codable, Hashable, Sendable {
        package var id: String
        package var name: String?
        package var description: String?
        package var deviceAPI: String?
        /// How many more can be made now.
        package var available: Int?
    }

    package struct MediatedDevice: Codable, Hashable, Sendable {
        package var uuid: String
        package var parent: String?
        package var type: String?
        package var iommuGroup: Int?
    }

    package struct MIGState: Codable, Hashable, Sendable {
        package var isEnabled: Bool
        package var isPending: Bool
        package var instances: [String]
    }
}

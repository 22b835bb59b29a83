/// A mediated device that exists: `/sys/bus/mdev/devices/<uuid>`.
package struct MediatedDevice: Hashable, Codable, Sendable {
    package var uuid: String
    package var parent: PCIAddress?
    package var type: String?
    package var iommuGroup: IOMMUGroupID?

    package init(uuid: String, parent: PCIAddress?, type: String?, iommuGroup: IOMMUGroupID?) {
        self.uuid = uuid
        self.parent = parent
        self.type = type
        self.iommuGroup = iommuGroup
    }
}

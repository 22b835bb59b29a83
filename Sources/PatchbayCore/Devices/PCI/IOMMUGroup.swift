/// The number of an IOMMU group: valid for this boot only, never an identity. Group 0 is a real group.
package struct IOMMUGroupID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package init(_ rawValue: Int) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: IOMMUGroupID, b: IOMMUGroupID) -> Bool { a.rawValue < b.rawValue }
}
extension IOMMUGroupID: Codable {}

/// The number of a host NUMA node (`/sys/devices/system/node/node<n>`).
package struct NUMANode: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package init(_ rawValue: Int) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: NUMANode, b: NUMANode) -> Bool { a.rawValue < b.rawValue }
}
extension NUMANode: Codable {}

/// The functions that the IOMMU cannot tell apart; ownership is all or nothing.
///
/// Read from `/sys/kernel/iommu_groups/<id>/devices`. Bridges are members but are never handed over.
package struct IOMMUGroup: Hashable, Codable, Sendable {
    package var id: IOMMUGroupID
    /// Sorted.
    package var members: [PCIAddress]
    /// `type`: DMA, DMA-FQ, identity; nil before Linux 5.11.
    package var domainType: String?
    /// `reserved_regions`; nil: not read.
    package var reservedRegions: [ReservedRegion]?

    package init(
        id: IOMMUGroupID, members: [PCIAddress], domainType: String? = nil, reservedRegions: [ReservedRegion]? = nil
    ) {
        self.id = id
        self.members = members
        self.domainType = domainType
        self.reservedRegions = reservedRegions
    }
}

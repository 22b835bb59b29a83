/// What changes hands as one: a whole IOMMU group, or a device that is in none.
package enum UnitResource: Hashable, Sendable {
    case group(IOMMUGroupID)
    case device(DeviceKey)
}

/// What changes hands as one: a whole IOMMU group, or a function that is in none.
enum UnitResource: Hashable {
    case group(IOMMUGroupID)
    case function(PCIAddress)

    init(_ function: PCIFunction) {
        self = function.iommuGroup.map(UnitResource.group) ?? .function(function.address)
    }
}

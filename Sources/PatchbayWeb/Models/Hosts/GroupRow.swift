import PatchbayAPI
import PatchbayCore

/// An IOMMU group in a list.
struct GroupRow: Sendable, Hashable {
    let number: String
    let domainType: String
    let members: [DeviceRow]
    let verdict: String

    init(_ group: API.Group) {
        self.number = String(group.number)
        self.domainType = group.domainType ?? "–"
        self.members = group.members.map { DeviceRow($0) }
        let devices = group.members.filter { !$0.isBridge }
        self.verdict =
            switch devices.count {
            case 0: "bridges only"
            case 1: "alone"
            default: "\(devices.count) go together"
            }
    }
}

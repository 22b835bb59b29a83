import PatchbayAPI
import PatchbayCore

/// An IOMMU group in a list.
struct GroupRow: Sendable, Hashable {
    let number: String
    let domainType: String
    let members: [DeviceRow]
    let verdict: String
    /// isolated, not isolated, unknown; empty when nobody looked.
    let isolation: String
    let isolationCSS: String
    let reasons: [String]
    let causes: [String]
    let regions: [String]

    init(_ group: API.Group) {
        self.number = String(group.number)
        self.domainType = group.domainType ?? "–"
        self.members = group.members.map { DeviceRow($0) }
        self.verdict =
            switch group.membersToLend.count {
            case 0: "bridges only"
            case 1: "alone"
            case let count: "\(count) lent together"
            }
        self.isolation = group.isolationWords ?? ""
        self.isolationCSS =
            switch group.isolation.flatMap({ GroupIsolation.Verdict(rawValue: $0.verdict) }) {
            case .isolated where !group.membersOfHost.isEmpty: "attention"
            case .isolated: "good"
            case .notIsolated: "bad"
            case .unknown: "attention"
            case nil: "quiet"
            }
        self.reasons = group.isolation?.reasons ?? []
        self.causes = group.isolation?.causes ?? []
        self.regions = (group.reservedRegions ?? []).filter { $0.kind == "direct" }.map {
            "Reserved memory (RMRR) \($0.start) to \($0.end): the kernel will refuse to hand the group over."
        }
    }
}

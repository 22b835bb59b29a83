/// How well an IOMMU group is kept apart from the rest, and why it is as large as it is.
package struct GroupIsolation: Hashable, Codable, Sendable {
    package enum Verdict: String, Codable, Sendable {
        case isolated
        /// The group is smaller than the hardware can keep apart, or interrupts and memory are not confined.
        case notIsolated = "not-isolated"
        /// The tree does not show enough.
        case unknown
    }
    package var group: IOMMUGroupID
    package var verdict: Verdict
    /// Why the verdict, one sentence each.
    package var reasons: [String]
    /// Why the members share one group, one sentence each: `0000:00:1c.0 lacks source validation and request redirect`.
    package var causes: [String]

    package init(group: IOMMUGroupID, verdict: Verdict, reasons: [String], causes: [String]) {
        self.group = group
        self.verdict = verdict
        self.reasons = reasons
        self.causes = causes
    }
}

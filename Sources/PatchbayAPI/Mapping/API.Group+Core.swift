import PatchbayCore

extension API.Group {
    /// - Parameter judge: made once for all groups of the host.
    package init(_ group: IOMMUGroup, host: String, members: [API.Device], judge: IsolationJudge) {
        self.init(
            host: host, number: group.id.rawValue, domainType: group.domainType, members: members,
            isolation: API.Isolation(judge.isolation(of: group)),
            reservedRegions: group.reservedRegions?.map(API.ReservedRegion.init))
    }
}

extension API.Isolation {
    package init(_ isolation: GroupIsolation) {
        self.init(verdict: isolation.verdict.rawValue, reasons: isolation.reasons, causes: isolation.causes)
    }
}

extension API.ReservedRegion {
    package init(_ region: PatchbayCore.ReservedRegion) {
        self.init(
            start: "0x\(region.start.hex(16))", end: "0x\(region.end.hex(16))", kind: region.kind.rawValue)
    }
}

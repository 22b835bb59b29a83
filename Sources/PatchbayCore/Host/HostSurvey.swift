/// What a host tells beside its devices. Read with them; a part that the tree does not show is nil or empty.
package struct HostSurvey: Hashable, Codable, Sendable {
    package var platform: HostPlatform
    /// Sorted by address.
    package var mediatedParents: [MediatedParent]
    /// Sorted by UUID.
    package var mediatedDevices: [MediatedDevice]
    /// Who has nodes of a device open and is in the way of taking it, where that could be seen. Sorted by program and node.
    /// Process ids are those of the last report; that one changed is no reason to report.
    package var holders: [DeviceKey: [DeviceHolder]]

    package init(
        platform: HostPlatform = HostPlatform(), mediatedParents: [MediatedParent] = [],
        mediatedDevices: [MediatedDevice] = [], holders: [DeviceKey: [DeviceHolder]] = [:]
    ) {
        self.platform = platform
        self.mediatedParents = mediatedParents
        self.mediatedDevices = mediatedDevices
        self.holders = holders
    }
}

/// Keeps a device from being lent again until somebody has cleaned it: the value under `quarantines/HOST/ADDRESS`.
package struct Quarantine: Hashable, Codable, Sendable {
    /// The claim that had it last, and whose that was.
    package var claim: String
    package var owner: ClaimOwner
    /// What the device was recognised by; nil: its place is not known.
    package var identity: DeviceIdentity?

    package init(claim: String, owner: ClaimOwner, identity: DeviceIdentity? = nil) {
        self.claim = claim
        self.owner = owner
        self.identity = identity
    }

    var sentence: String { "It is for one use, and \(owner.words) had it: it has to be cleaned and returned." }
}

extension Pool {
    /// The device is given away once, and then only after somebody has cleaned it.
    package func isForOneUse(_ device: some Device, on host: String) -> Bool {
        guard hasDevicesForOneUse else { return false }
        return tags(of: device, on: host)?[.oneTimeUse] == "true"
    }

    /// Some of its devices may be given away only once.
    package var hasDevicesForOneUse: Bool {
        rules.contains { $0.tags[WellKnownTag.oneTimeUse.rawValue] != nil }
    }
}

/// Who holds one device: the value under `allocations/HOST/ADDRESS`, committed only where there was none.
package struct Allocation: Hashable, Codable, Sendable {
    package var claim: String
    package var owner: ClaimOwner
    package var primary: DeviceKey
    /// What the device was recognised by when it was decided; nil: its place is not known.
    package var identity: DeviceIdentity?
    /// What it was called then, for when it is gone; nil: nobody knew.
    package var name: String?

    /// The reservation it was taken from and goes back to; nil: none.
    package var reservation: String?

    package init(
        claim: String, owner: ClaimOwner, primary: DeviceKey, identity: DeviceIdentity? = nil, name: String? = nil,
        reservation: String? = nil
    ) {
        self.claim = claim
        self.owner = owner
        self.primary = primary
        self.identity = identity
        self.name = name
        self.reservation = reservation
    }
}

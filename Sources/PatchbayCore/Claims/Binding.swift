/// What Patchbay changed on a device and has not given back: the value under `bindings/HOST/ADDRESS`.
///
/// Nothing without one is ever unbound: it is somebody else's.
package struct Binding: Hashable, Codable, Sendable {
    /// How it was before.
    package enum Kind: Hashable, Codable, Sendable {
        /// nil: driverless; no override.
        case pci(driver: String?, override: String?)
        /// By the number of the interface; those without a driver have none.
        case usb(drivers: [Int: String])
    }

    package var kept: Kind
    /// The plan that took it.
    package var plan: String
    /// What the device was recognised by when it was taken; nil: its place is not known.
    package var identity: DeviceIdentity?
    /// Its key before it was last found in another place; nil: it never moved.
    package var movedFrom: DeviceKey?

    package init(
        kept: Kind, plan: String, identity: DeviceIdentity? = nil, movedFrom: DeviceKey? = nil
    ) {
        self.kept = kept
        self.plan = plan
        self.identity = identity
        self.movedFrom = movedFrom
    }
}

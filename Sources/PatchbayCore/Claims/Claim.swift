/// A wish that lasts: made when a VM starts, kept until it has stopped and its devices are given back.
package struct Claim: Hashable, Codable, Sendable {
    package enum Phase: Hashable, Codable, Sendable {
        /// Devices are reserved; the plan that hands them over is under way.
        case allocated
        /// The VM runs with them.
        case attached
        /// The VM has stopped; the plan that gives them back is under way.
        case releasing
    }

    package var id: String
    package var vm: String
    package var host: String
    package var requests: [Request]
    package var phase: Phase
    /// What was decided, one entry a primary.
    package var units: [AllocatedUnit]

    package init(id: String, vm: String, host: String, requests: [Request], phase: Phase, units: [AllocatedUnit]) {
        self.id = id
        self.vm = vm
        self.host = host
        self.requests = requests
        self.phase = phase
        self.units = units
    }
}

/// A unit that serves one request of a claim.
package struct AllocatedUnit: Hashable, Codable, Sendable {
    package var request: String
    /// nil: asked for by address.
    package var pool: String?
    package var unit: DeviceUnit

    package init(request: String, pool: String?, unit: DeviceUnit) {
        self.request = request
        self.pool = pool
        self.unit = unit
    }
}

/// Who holds one device: the value under `allocations/HOST/ADDRESS`, committed only where there was none.
package struct Allocation: Hashable, Codable, Sendable {
    package var claim: String
    package var vm: String
    package var primary: PCIAddress
    /// What the device was recognised by when it was decided; nil: its place is not known.
    package var identity: DeviceIdentity?

    package init(claim: String, vm: String, primary: PCIAddress, identity: DeviceIdentity? = nil) {
        self.claim = claim
        self.vm = vm
        self.primary = primary
        self.identity = identity
    }
}

/// What Patchbay changed on a device and has not given back: the value under `bindings/HOST/ADDRESS`.
///
/// Nothing without one is ever unbound: it is somebody else's.
package struct Binding: Hashable, Codable, Sendable {
    /// The driver it had, nil: driverless.
    package var originalDriver: String?
    package var originalOverride: String?
    /// The plan that took it.
    package var plan: String
    /// What the device was recognised by when it was taken; nil: its place is not known.
    package var identity: DeviceIdentity?
    /// Its address before it was last found in another place; nil: it never moved.
    package var movedFrom: PCIAddress?

    package init(
        originalDriver: String?, originalOverride: String?, plan: String, identity: DeviceIdentity? = nil,
        movedFrom: PCIAddress? = nil
    ) {
        self.originalDriver = originalDriver
        self.originalOverride = originalOverride
        self.plan = plan
        self.identity = identity
        self.movedFrom = movedFrom
    }
}

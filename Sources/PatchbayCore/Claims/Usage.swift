/// Everything about one host that is not in its inventory but decides what its devices are good for.
package struct Usage: Hashable, Sendable {
    package var allocations: [DeviceKey: Allocation]
    package var bindings: [DeviceKey: Binding]
    package var claims: [String: Claim]
    package var domains: [Domain]
    /// Devices that nobody gets until they are returned.
    package var quarantines: [DeviceKey: Quarantine]
    package var pools: [Pool]
    /// By VM: disks that it has had and that the host has not used since, by what they are recognised by.
    package var written: [String: [DeviceIdentity]] = [:]
    /// By VM: what it knows of devices of the host.
    package var known: [String: [KnownDevice]] = [:]

    package init(
        allocations: [DeviceKey: Allocation] = [:], bindings: [DeviceKey: Binding] = [:],
        claims: [String: Claim] = [:],
        domains: [Domain] = [], quarantines: [DeviceKey: Quarantine] = [:], pools: [Pool] = []
    ) {
        self.allocations = allocations
        self.bindings = bindings
        self.claims = claims
        self.domains = domains
        self.quarantines = quarantines
        self.pools = pools
    }
}

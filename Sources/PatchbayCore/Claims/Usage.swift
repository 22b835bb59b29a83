/// Everything about one host that is not in its inventory but decides what its devices are good for.
package struct Usage: Hashable, Sendable {
    package var allocations: [PCIAddress: Allocation]
    package var bindings: [PCIAddress: Binding]
    package var claims: [String: Claim]
    package var domains: [Domain]
    package var pools: [Pool]

    package init(
        allocations: [PCIAddress: Allocation] = [:], bindings: [PCIAddress: Binding] = [:],
        claims: [String: Claim] = [:],
        domains: [Domain] = [], pools: [Pool] = []
    ) {
        self.allocations = allocations
        self.bindings = bindings
        self.claims = claims
        self.domains = domains
        self.pools = pools
    }
}

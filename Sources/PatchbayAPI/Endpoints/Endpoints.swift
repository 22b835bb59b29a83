/// Every endpoint of `/v1`: server, client and `openapi.json` have it from here.
package enum Endpoints {
    package static let hosts = HostEndpoints()
    package static let devices = DeviceEndpoints()
    package static let pools = PoolEndpoints()
    package static let vms = VMEndpoints()
    package static let claims = ClaimEndpoints()
    package static let plans = PlanEndpoints()
    package static let agents = AgentEndpoints()

    /// Under the names of their properties.
    package static let all: [NamedEndpoint] = [
        ("hosts", hosts as Any), ("devices", devices), ("pools", pools), ("VMs", vms), ("claims", claims),
        ("plans", plans), ("agents", agents),
    ].flatMap { group, endpoints in
        Mirror(reflecting: endpoints).children.compactMap { child in
            guard let name = child.label, let endpoint = child.value as? any AnyEndpoint else { return nil }
            return NamedEndpoint(name: name, group: group, endpoint: endpoint)
        }
    }

    /// The methods that a path has; empty: there is no such path.
    ///
    /// Of templates that fit, those with the most literal words count, as for the router: `/v1/claims/explain` is not a
    /// claim that is called "explain".
    package static func methods(of path: String) -> Set<Method> {
        let matching = all.map(\.endpoint).filter { $0.path.matches(path) }
        let most = matching.map(\.path.literals).max()
        return Set(matching.filter { $0.path.literals == most }.map(\.method))
    }
}

/// An endpoint under its name: `stopVM` of the group `VMs`.
package struct NamedEndpoint: Sendable {
    package let name: String
    package let group: String
    package let endpoint: any AnyEndpoint
}

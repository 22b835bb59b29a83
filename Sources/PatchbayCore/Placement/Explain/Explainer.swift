/// Says why a wish is placed as it is, or why it is not: per host and device the first failing test, and what would help.
///
/// The same values for every door. Hosts that answer alike are asked once and told once.
package struct Explainer {
    let index: FleetIndex
    let wish: PlacementWish
    /// Whom it is for; what that VM's own definition names is not in its way. nil: no VM.
    let vm: String?
    let world: PlacementWorld

    /// Hosts that are told by name; the others are counted with one that says the same.
    static let mostHosts = 20
    /// Hosts of which every device is told.
    static let mostDetailed = 5

    /// - Parameter index: the fleet as the wish sees it, with what it may take from a reservation free.
    package init(_ wish: PlacementWish, in index: FleetIndex, for vm: String? = nil, world: PlacementWorld) {
        self.index = index
        self.wish = wish
        self.vm = vm
        self.world = world
    }

    /// - Parameter decision: what was decided already; nil: what would be decided now is found out.
    package func explain(_ decision: ClaimDecision? = nil) -> Explanation {
        if let decision {
            let hosts = [HostFit(serving: decision)] + hosts(besides: decision.host)
            return Explanation(
                decision: decision, scores: scores(of: decision, among: hosts), hosts: hosts, isServed: true)
        }
        var explanation = Explanation(hosts: hosts())
        if let found = try? index.place(wish) {
            let made = ClaimDecision(host: found.host, units: found.placement.units, seat: found.placement.seat)
            explanation.decision = made
            explanation.scores = scores(of: made, among: explanation.hosts)
        } else {
            explanation.fixes = FixFinder(wish, in: index, for: vm, world: world).fixes
        }
        return explanation
    }
}

/// What an explanation asks of the world beside the index.
package struct PlacementWorld {
    /// A host with all that is known of its devices.
    package var view: (String) -> HostView?
    /// Claims that hold something.
    package var claims: [Claim]
    /// The host of some claims as it would stand if they were over and their guests off.
    package var standingWithout: ([Claim]) -> HostStanding?
    /// A host as it would stand if it were marked as pinned.
    package var standingPinned: (String) -> HostStanding?
    /// Hosts that the question itself closes: to open them is no answer.
    package var drained: Set<String> = []

    package init(
        view: @escaping (String) -> HostView?, claims: [Claim] = [],
        standingWithout: @escaping ([Claim]) -> HostStanding? = { _ in nil },
        standingPinned: @escaping (String) -> HostStanding? = { _ in nil }
    ) {
        self.view = view
        self.claims = claims
        self.standingWithout = standingWithout
        self.standingPinned = standingPinned
    }
}

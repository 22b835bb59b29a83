import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// Whom a claim is for and what it asks for: the same for making one and for asking what would become of it.
struct WishOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Owner of the claim in another system, such as slurm/job-17.", valueName: "name"))
    var system: String?
    @Option(help: ArgumentHelp("Reserve the devices for later under this name.", valueName: "name"))
    var reservation: String?
    @Option(
        help: ArgumentHelp(
            "The tenant to count it for; at equal priority, tenants with fewer devices go first.", valueName: "name"))
    var tenant: String?
    @OptionGroup var devices: DeviceOptions
    @OptionGroup var place: HostOptions
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "Take devices of this reservation first, others if they are too few.", valueName: "reservation"))
    var lender: String?

    func validate() throws {
        if system != nil, reservation != nil {
            throw ValidationError("--system and --reservation exclude each other")
        }
    }

    var isEmpty: Bool { devices.isEmpty }
    var isForNobody: Bool { system == nil && reservation == nil }

    /// - Parameter fallback: whom it is for where nobody is named.
    func draft(for fallback: API.ClaimOwner? = nil) throws(Problem) -> API.ClaimDraft {
        API.ClaimDraft(
            owner: try owner(fallback), requests: try devices.someRequests(), hosts: place.named,
            labels: try place.choice.neededLabels(), strategy: place.choice.strategy, reservation: lender)
    }

    private func owner(_ fallback: API.ClaimOwner?) throws(Problem) -> API.ClaimOwner {
        if let system { return API.ClaimOwner(kind: .system, name: system, tenant: tenant) }
        if let reservation { return API.ClaimOwner(kind: .reservation, name: reservation, tenant: tenant) }
        guard var fallback else {
            throw Problem(
                .usage, "The claim has no owner.",
                next: [
                    "Name a system:  --system slurm/job-17", "Or reserve the devices for later:  --reservation NAME",
                ])
        }
        fallback.tenant = tenant
        return fallback
    }
}

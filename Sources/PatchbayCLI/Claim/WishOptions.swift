import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PlacementStrategy: ExpressibleByArgument {}

/// What a claim asks for, and where it may be served: the same for making one and for asking what would become of it.
struct WishOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The system it is for, by the name it has there.", valueName: "name"))
    var system: String?
    @Option(help: ArgumentHelp("Keep the devices for later, under this name.", valueName: "name"))
    var reservation: String?
    @Option(help: ArgumentHelp("Who shares in fairness; the operator when left out.", valueName: "name"))
    var tenant: String?
    @Option(help: ArgumentHelp("Devices of this pool; --count says how many.", valueName: "name"))
    var pool: String?
    @Option(help: "How many devices of the pool; 1 when left out.")
    var count: Int?
    @Option(
        name: .customLong("device"), parsing: .singleValue,
        help: ArgumentHelp("This very device; can be given several times.", valueName: "host/address"))
    var devices: [String] = []
    @OptionGroup var qualities: RequestOptions
    @Option(
        name: .customLong("request"), parsing: .singleValue,
        help: ArgumentHelp(
            "A whole request, as 'gpus:4,numa=required,optional'; can be given several times (patchbay help requests).",
            valueName: "words"))
    var requests: [String] = []
    @Option(
        name: .customLong("host"), parsing: .singleValue,
        help: ArgumentHelp("A host that may serve it; can be given several times. Left out: any.", valueName: "name"))
    var hosts: [String] = []
    @Option(
        name: .customLong("label"), parsing: .singleValue,
        help: ArgumentHelp("A label the host must have; can be given several times.", valueName: "name=value"))
    var labels: [String] = []
    @Option(help: "pack: the host with the fewest left; spread: the one with the most.")
    var strategy: PlacementStrategy?
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Take devices of this reservation first.", valueName: "reservation"))
    var lender: String?

    func validate() throws {
        if system != nil, reservation != nil {
            throw ValidationError("--system and --reservation exclude each other")
        }
        if let count, count < 1 { throw ValidationError("--count must be at least 1") }
        if count != nil, pool == nil { throw ValidationError("--count belongs to --pool") }
        if !qualities.isEmpty, pool == nil, devices.isEmpty {
            throw ValidationError(
                "--numa, --group-policy, --topology, --tag and --optional belong to --pool or --device; "
                    + "with --request write them after a comma")
        }
    }

    var isEmpty: Bool { self.pool == nil && devices.isEmpty && requests.isEmpty }
    var isForNobody: Bool { system == nil && reservation == nil }

    /// - Parameter fallback: whom it is for where nobody is named.
    func draft(for fallback: API.ClaimOwner? = nil) throws(Problem) -> API.ClaimDraft {
        API.ClaimDraft(
            owner: try owner(fallback), requests: try wishes(), hosts: hosts.isEmpty ? nil : hosts,
            labels: labels.isEmpty ? nil : try PairText.pairs(labels, of: "label"), strategy: strategy,
            reservation: lender)
    }

    private func owner(_ fallback: API.ClaimOwner?) throws(Problem) -> API.ClaimOwner {
        if let system { return API.ClaimOwner(kind: .system, name: system, tenant: tenant) }
        if let reservation { return API.ClaimOwner(kind: .reservation, name: reservation, tenant: tenant) }
        guard var fallback else {
            throw Problem(
                .usage, "Nobody is named that the claim is for.",
                next: ["Name a system:  --system slurm/job-17", "Or keep the devices for later:  --reservation NAME"])
        }
        fallback.tenant = tenant
        return fallback
    }

    private func wishes() throws(Problem) -> [API.RequestDraft] {
        var wishes: [API.RequestDraft] = []
        if let pool { wishes.append(API.RequestDraft(pool: pool, count: count)) }
        for device in devices { wishes.append(API.RequestDraft(device: try DeviceArgument.checked(device))) }
        for index in wishes.indices { try qualities.apply(to: &wishes[index]) }
        for request in requests { wishes.append(try RequestText.request(request)) }
        guard !wishes.isEmpty else {
            throw Problem(
                .usage, "Nothing is asked for.",
                next: ["Ask for devices of a pool:  --pool gpus --count 4", "Or write:  --request \(RequestText.form)"])
        }
        return wishes
    }
}

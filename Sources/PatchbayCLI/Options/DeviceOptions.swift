import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// Which devices are asked for.
struct DeviceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Ask for devices of this pool.", valueName: "pool"), completion: .names(.pool))
    var pool: String?
    @Option(help: ArgumentHelp("Number of devices of the pool; 1 when omitted.", valueName: "number"))
    var count: Int?
    @Option(
        name: .customLong("device"), parsing: .singleValue,
        help: ArgumentHelp("Ask for exactly this device (repeatable).", valueName: "device"),
        completion: .names(.device))
    var devices: [String] = []
    @OptionGroup var qualities: RequestOptions
    @Option(
        name: .customLong("request"), parsing: .singleValue,
        help: ArgumentHelp(
            "A whole request, such as 'gpus:4,numa=required,optional' (repeatable; patchbay help requests).",
            valueName: "request"))
    var wholeRequests: [String] = []

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1") }
        if count != nil, pool == nil { throw ValidationError("--count belongs to --pool") }
        if !qualities.isEmpty, pool == nil, devices.isEmpty {
            throw ValidationError(
                "--numa, --group-policy, --topology, --tag and --optional belong to --pool or --device; "
                    + "with --request write them after a comma")
        }
    }

    var isEmpty: Bool { self.pool == nil && devices.isEmpty && wholeRequests.isEmpty }

    /// None where nothing is asked for.
    func requests() throws(Problem) -> [API.RequestDraft] {
        var wishes: [API.RequestDraft] = []
        if let pool { wishes.append(API.RequestDraft(pool: pool, count: count)) }
        for device in devices { wishes.append(API.RequestDraft(device: try DeviceArgument.checked(device))) }
        for index in wishes.indices { try qualities.apply(to: &wishes[index]) }
        for request in wholeRequests { wishes.append(try RequestText.request(request)) }
        return wishes
    }

    /// At least one. Throws `.usage` where nothing is asked for.
    func someRequests() throws(Problem) -> [API.RequestDraft] {
        let wishes = try requests()
        guard !wishes.isEmpty else {
            throw Problem(
                .usage, "No devices are requested.",
                next: ["Ask for devices of a pool:  --pool gpus --count 4", "Or write:  --request \(RequestText.form)"])
        }
        return wishes
    }
}

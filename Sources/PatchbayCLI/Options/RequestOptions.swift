import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension NUMAPolicy: ExpressibleByArgument {}
extension GroupPolicy: ExpressibleByArgument {}
extension TopologyPolicy: ExpressibleByArgument {}

/// What one request says beside which devices and how many.
struct RequestOptions: ParsableArguments {
    @Flag(help: "The request may go unserved: without it, a VM still starts and a claim is still granted.")
    var optional = false

    @Option(
        help: ArgumentHelp(
            "How near the devices must be to the guest's NUMA cells.", valueName: "policy"))
    var numa: NUMAPolicy?

    @Option(
        help: ArgumentHelp(
            "isolate: each virtual function must come from another physical function; none: no such limit (default).",
            valueName: "policy"))
    var groupPolicy: GroupPolicy?

    @Option(
        help: ArgumentHelp(
            "How the devices must be connected to each other.",
            valueName: "policy"))
    var topology: TopologyPolicy?

    @Option(
        name: .customLong("tag"), parsing: .singleValue,
        help: ArgumentHelp("A tag that the devices must have (repeatable).", valueName: "name=value"))
    var tags: [String] = []

    var isEmpty: Bool { !optional && numa == nil && groupPolicy == nil && topology == nil && tags.isEmpty }

    /// Puts them into a request. Throws `.malformedInput` for a tag that is none.
    func apply(to request: inout API.RequestDraft) throws(Problem) {
        if optional { request.isOptional = true }
        request.numa = numa
        request.groupPolicy = groupPolicy
        request.topology = topology
        let pairs = try PairText.pairs(tags, of: "tag")
        if !pairs.isEmpty { request.tags = pairs }
    }
}

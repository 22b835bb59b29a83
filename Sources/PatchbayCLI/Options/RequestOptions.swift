import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension NUMAPolicy: ExpressibleByArgument {}
extension GroupPolicy: ExpressibleByArgument {}
extension TopologyPolicy: ExpressibleByArgument {}

/// What one request says beside which devices and how many.
struct RequestOptions: ParsableArguments {
    @Flag(help: "Go on without it where it cannot be had.")
    var optional = false

    @Option(
        help: ArgumentHelp(
            "How near to the guest's NUMA cells: required, socket, preferred or legacy.", valueName: "policy"))
    var numa: NUMAPolicy?

    @Option(
        help: ArgumentHelp(
            "isolate: each from another physical function; none: as they come.", valueName: "policy"))
    var groupPolicy: GroupPolicy?

    @Option(
        help: ArgumentHelp(
            "How they are plugged in beside each other: same-card, same-switch, same-root-complex or apart.",
            valueName: "policy"))
    var topology: TopologyPolicy?

    @Option(
        name: .customLong("tag"), parsing: .singleValue,
        help: ArgumentHelp("A tag they must have; can be given several times.", valueName: "name=value"))
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

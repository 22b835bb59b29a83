import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension NUMAPolicy: ExpressibleByArgument {}
extension GroupPolicy: ExpressibleByArgument {}
extension TopologyPolicy: ExpressibleByArgument {}

/// What one request says beside which devices and how many.
struct RequestOptions: ParsableArguments {
    @Flag(help: "Go on if the request cannot be served: the VM starts, or the claim is granted, without these devices.")
    var optional = false

    @Option(
        help: ArgumentHelp(
            """
            How near the devices must be to the guest's NUMA cells: required (on a node of the guest), socket (on any node of \
            its sockets), preferred (near if possible), legacy (on a node of the guest, or on none that is known; the default).
            """, valueName: "policy"))
    var numa: NUMAPolicy?

    @Option(
        help: ArgumentHelp(
            "isolate: each virtual function must come from another physical function; none: no such limit (default).",
            valueName: "policy"))
    var groupPolicy: GroupPolicy?

    @Option(
        help: ArgumentHelp(
            """
            How the devices must be connected: same-card (in one slot), same-switch (below one PCIe switch), \
            same-root-complex (below one host bridge), apart (each on another card); anyhow when omitted.
            """, valueName: "policy"))
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

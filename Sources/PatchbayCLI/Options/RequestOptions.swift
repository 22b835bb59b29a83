import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension NUMAPolicy: ExpressibleByArgument {}
extension GroupPolicy: ExpressibleByArgument {}
extension TopologyPolicy: ExpressibleByArgument {}

/// What one request says beside which devices and how many.
struct RequestOptions: ParsableArguments {
    @Flag(help: "Do without these devices if they are not available, instead of being refused.")
    var optional = false

    @Option(
        help: ArgumentHelp(
            """
            How near the devices must be to the guest: required (on a NUMA node that the guest uses), socket (on a node of \
            the same sockets), preferred (near if possible), legacy (as required, but a device whose node is unknown will do; \
            the default).
            """, valueName: "policy"))
    var numa: NUMAPolicy?

    @Option(
        help: ArgumentHelp(
            """
            isolate: each virtual function must come from a different physical function; none: no such limit (default). Not \
            about IOMMU groups.
            """,
            valueName: "policy"))
    var groupPolicy: GroupPolicy?

    @Option(
        help: ArgumentHelp(
            """
            How the devices must be connected: same-card (functions of one card), same-switch (below one PCIe switch), \
            same-root-complex (below one host bridge), apart (each on a different card); no requirement when omitted.
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

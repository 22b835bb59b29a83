import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

/// `proc/net/route` and `proc/net/tcp` show addresses as numbers of the machine that wrote them.
@Suite struct `Addresses that a kernel shows as numbers` {
    private func tree(_ routes: [String]) throws -> SampleTree {
        let tree = try SampleTree()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        try tree.card("0000:01:00.0", "eno257")
        let lines = routes.map { route -> String in
            let parts = route.split(separator: " ")
            return "\(parts[0])\t\(parts[1])\t00000000\t0001\t0\t0\t0\t\(parts[2])\t0\t0\t0\n"
        }
        try tree.file(
            "proc/net/route",
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n" + lines.joined())
        return tree
    }

    private func network(_ tree: SampleTree) throws -> String? { try tree.uses("01:00.0").first?.chain.first }

    @Test func `are read in the order that their masks show`() throws {
        #expect(try network(tree(["eno257 C6336400 FFFFFF00"])) == "198.51.100.0/24")
        #expect(try network(tree(["eno257 006433C6 00FFFFFF"])) == "198.51.100.0/24")
        #expect(try network(tree(["eno257 C6336480 FFFFFF80"])) == "198.51.100.128/25")
    }

    @Test(arguments: ["cpu", "kernel"]) func `are read in that of the processor where all masks are alike`(
        _ evidence: String
    ) throws {
        let big = try tree(["eno257 C6336407 FFFFFFFF"])
        #expect(try network(big) == "7.100.51.198/32", "a machine of which nothing is known is little-endian")
        if evidence == "cpu" {
            try big.file("proc/cpuinfo", "vendor_id       : IBM/S390\n# processors    : 4\n")
        } else {
            try big.file("proc/sys/kernel/osrelease", "5.14.0-427.el9.s390x\n")
        }
        #expect(try network(big) == "198.51.100.7/32")
    }

    @Test func `lead to operators in either order`() throws {
        let header = "  sl  local_address rem_address   st\n"
        let big = try tree(["eno257 C6336400 FFFFFF00"])
        try big.file("proc/net/tcp", header + "   1: 0A000001:0016 C6336407:C001 01\n")
        #expect(try big.uses("01:00.0").first?.chain.first == "operator at 198.51.100.7")
        let little = try tree(["eno257 006433C6 00FFFFFF"])
        try little.file("proc/net/tcp", header + "   1: 0100000A:0016 076433C6:C001 01\n")
        #expect(try little.uses("01:00.0").first?.chain.first == "operator at 198.51.100.7")
    }
}

import Foundation
import PatchbayCore
import PatchbayHost
import Testing

/// A host's files are text from drivers, firmware and recordings: whatever they hold, reading ends, and every function
/// is in the inventory or in a finding.
@Suite struct `Malformed trees` {
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return value ^ value >> 31
        }
    }

    private static let attributes = [
        "modalias", "vendor", "device", "class", "config", "resource", "numa_node", "driver_override", "reset_method",
        "sriov_totalvfs", "sriov_numvfs", "boot_vga", "local_cpulist",
    ]
    private static let others = [
        "proc/1/mountinfo", "proc/swaps", "proc/1/net/route", "proc/1/net/ipv6_route", "proc/meminfo",
        "sys/devices/system/node/node0/cpulist", "etc/os-release", "proc/cmdline",
    ]
    private static let words = [
        "", "\n", "0x", "0xffffffffffffffffff", "-1", "99999999999999999999", "(null)", "0-", "5-2", ",,,", "/dev/sda1",
        "\0\0\0", "pci:v", "1 1 0:1 / / rw - ext4 /dev/sda1 rw\n", "eth0\t00000000\t0\t3\t0\t0\t0\t00000000\n",
        "\u{e9}\u{301}",
        "\\0", "0x0 0x0", "0x0 0xffffffffffffffff 0x200\n", "flr  bus\n",
        "1 1 0:2 / / - overlay o lowerdir=/:/a,upperdir=\n",
    ]

    private func garbage(_ dice: inout Dice) -> Data {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0:
            return Data((0..<Int.random(in: 0..<80, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) })
        case 1:
            return Data(
                repeating: UInt8.random(in: 0...255, using: &dice), count: Int.random(in: 0..<5000, using: &dice))
        default:
            let words = (0..<Int.random(in: 1..<5, using: &dice)).map { _ in
                Self.words.randomElement(using: &dice) ?? ""
            }
            return Data(words.joined(separator: " ").utf8)
        }
    }

    @Test func `are read to the end`() throws {
        let seed =
            ProcessInfo.processInfo.environment["PATCHBAY_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0...9_999_999)
        print("Malformed trees: PATCHBAY_SEED=\(seed)")
        var dice = Dice(state: seed)
        let tree = try SampleTree()
        var directories: [String] = []
        for slot in 1...4 {
            let directory = try tree.function(
                "0000:00:0\(slot).0", deviceClass: "010802", driver: "nvme", group: slot / 2)
            try tree.disk("nvme\(slot)n1", below: "\(directory)/nvme/nvme\(slot)", partitions: ["nvme\(slot)n1p1"])
            try tree.interface("eth\(slot)", on: directory)
            directories.append(directory)
        }
        for round in 0..<500 {
            for _ in 0..<6 {
                let path =
                    Bool.random(using: &dice)
                    ? "\(directories.randomElement(using: &dice) ?? "")/\(Self.attributes.randomElement(using: &dice) ?? "")"
                    : Self.others.randomElement(using: &dice) ?? ""
                try tree.file(path, garbage(&dice))
            }
            if round % 50 == 0 { try loop(tree, &dice, round) }
            let result = try tree.read()
            let silent = result.findings.count { $0.code == "function-unreadable" }
            try #require(result.inventory.functions.count + silent == 4, "seed \(seed), round \(round)")
        }
    }

    /// Links that lead to themselves, nowhere, or out of their place.
    private func loop(_ tree: SampleTree, _ dice: inout Dice, _ round: Int) throws {
        let targets = ["sys/class/block/loop\(round)", "sys/nowhere", "sys/devices", "proc"]
        try tree.link("sys/class/block/loop\(round)", to: targets.randomElement(using: &dice) ?? "proc")
        try tree.link("sys/class/net/loop\(round)", to: targets.randomElement(using: &dice) ?? "proc")
    }
}

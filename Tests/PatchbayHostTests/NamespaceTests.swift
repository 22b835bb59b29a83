import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Other namespaces` {
    private static let container =
        "0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n"

    /// A host with its root on one disk; a container has mounted another one.
    private func host() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        for (index, address) in ["0000:01:00.0", "0000:02:00.0", "0000:03:00.0"].enumerated() {
            try tree.nvme(address, "nvme\(index)n1")
            try tree.link("sys/dev/block/259:\(index)", to: "sys/class/block/nvme\(index)n1")
            try tree.udev("nvme\(index)n1", number: "259:\(index)", [:])
        }
        try tree.file("proc/1/mountinfo", "20 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n")
        try tree.process(812, "postgres", open: [], cgroup: Self.container)
        try tree.file(
            "proc/812/mountinfo",
            """
            300 200 0:50 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/a,upperdir=/var/lib/docker/b
            301 300 0:51 / /proc rw - proc proc rw
            302 300 259:0 /var/lib/docker/hosts /etc/hosts rw - ext4 /dev/nvme0n1 rw
            303 300 259:1 / /data rw,relatime - ext4 /dev/nvme1n1 rw

            """)
        return tree
    }

    @Test func `have mounts that count as mounts`() throws {
        let tree = try host()
        let uses = try tree.uses("02:00.0")
        #expect(
            uses.map(\.sentence) == [
                "mounted file system: postgres (\(Self.container.split(separator: "/")[2].dropLast(1)), "
                    + "docker 0123456789ab) → /data → nvme1n1 → 0000:02:00.0"
            ])
        #expect(uses.map(\.severity) == [.inUse])
        #expect(try tree.uses("01:00.0").filter { $0.reason == .mount }.map(\.chain.first) == ["/"], "told once")
        #expect(try tree.verdict("03:00.0") == .free)
    }

    @Test func `of one process are looked at once`() throws {
        let tree = try host()
        func join(_ pid: Int, _ number: Int) throws {
            try tree.directory("proc/\(pid)/ns")
            try FileManager.default.createSymbolicLink(
                atPath: "\(tree.root)/proc/\(pid)/ns/mnt", withDestinationPath: "mnt:[\(number)]")
        }
        try join(1, 4_026_531_841)
        try join(812, 4_026_531_841)
        #expect(try tree.verdict("02:00.0") == .free, "the host's own namespace is told by process 1")
        try tree.process(813, "backup", open: [])
        try tree.file("proc/813/mountinfo", "303 300 259:2 / /data rw - xfs /dev/nvme2n1 rw\n")
        try join(813, 4_026_532_000)
        #expect(try tree.verdict("03:00.0") == .inUse)
    }

    @Test func `that could not be seen leave nothing with a driver free`() throws {
        let tree = try host()
        try tree.function("0000:05:00.0", driver: nil)
        try tree.function("0000:06:00.0", driver: "nouveau")
        try tree.file("run/patchbay/unseen", "networks 1 network namespaces cannot be entered\n")
        #expect(try tree.verdict("06:00.0") == .free, "it is no network card")
        try tree.file("run/patchbay/unseen", "mounts 3 mount namespaces not looked at\n")
        #expect(try tree.verdict("06:00.0") == .free)
        #expect(try tree.verdict("03:00.0") == .unknown)
        try tree.file("run/patchbay/unseen", "programs processes of other users cannot be read\n")
        let result = try tree.observe()
        #expect(try result.inventory.verdict(of: PCIAddress("06:00.0")) == .unknown)
        #expect(try result.inventory.verdict(of: PCIAddress("05:00.0")) == .free)
        #expect(try result.inventory.verdict(of: PCIAddress("01:00.0")) == .critical)
        #expect(result.findings.contains { $0.code == "programs-unknown" })
    }

    /// A container's macvlan may stand on it: the card then shows its own interface here all the same.
    @Test func `of networks that could not be seen leave no network card free`() throws {
        let tree = try host()
        try tree.card("0000:07:00.0", "eth0")
        try tree.function("0000:08:00.0", deviceClass: "020000", driver: "vfio-pci")
        try tree.function("0000:09:00.0", deviceClass: "020000", driver: nil)
        try tree.file("run/patchbay/unseen", "")
        #expect(try tree.verdict("07:00.0") == .free, "all were seen")
        try tree.file("run/patchbay/unseen", "mounts 3 mount namespaces not looked at\n")
        #expect(try tree.verdict("07:00.0") == .free)
        try tree.file("run/patchbay/unseen", "networks some network namespaces cannot be entered\n")
        #expect(
            try tree.uses("07:00.0").map(\.sentence) == [
                "network interfaces not all visible: some network namespaces cannot be entered → 0000:07:00.0"
            ])
        let result = try tree.observe()
        let verdicts = try ["07:00.0", "08:00.0", "09:00.0", "03:00.0"].map {
            result.inventory.verdict(of: try PCIAddress($0))
        }
        #expect(verdicts == [.unknown, .free, .free, .free])
        #expect(result.findings.contains { $0.code == "programs-unknown" })
    }

    @Test func `beyond the bound count as not seen`() throws {
        let tree = try host()
        try tree.process(813, "backup", open: [])
        try tree.file("proc/813/mountinfo", "303 300 259:2 / /data rw - xfs /dev/nvme2n1 rw\n")
        let source = try HostTree(root: tree.root)
        var limits = ScanLimits()
        #expect(HolderScan(tree: source).sights().gaps.isEmpty)
        limits.mountBytes = 1
        #expect(
            HolderScan(tree: source, limits: limits).sights().gaps.map(\.words) == [
                "some mount namespaces could not be read"
            ])
        limits = ScanLimits()
        limits.processes = 1
        #expect(HolderScan(tree: source, limits: limits).sights().gaps.map(\.words) == ["more than 1 processes"])
        limits = ScanLimits()
        limits.milliseconds = -1
        #expect(
            HolderScan(tree: source, limits: limits).sights().gaps.map(\.words).contains(
                "not all processes could be read in time"))
    }

    @Test func `are read for what is on devices and not known yet`() {
        let text = """
            1 2 0:50 / / rw - overlay overlay rw,lowerdir=/a
            2 1 0:51 / /proc rw shared:3 - proc proc rw
            3 1 259:0 / /a rw - ext4 /dev/a rw
            4 1 259:1 / /b\\040-\\040tmpfs rw master:1 - ext4 /dev/b rw
            5 1 0:52 / /c rw - btrfs /dev/c rw
            6 1 0:53 / /d rw - nfs4 10.0.0.1:/d rw
            7 1 0:54 / /e rw - tmpfs
            broken
            8 1
            9 1 x:y / /f rw - ext4 /dev/f rw
            """
        let seen: Set = [MountNumber(major: 259, minor: 0)]
        #expect(MountLines.onDevices(text, butFor: seen).map { $0.prefix(1) } == ["4", "5", "6"])
        #expect(MountLines.onDevices(text).map { $0.prefix(1) } == ["3", "4", "5", "6"])
    }

    @Test func `of a thousand containers are all looked at`() throws {
        let tree = try host()
        for pid in 2000..<3000 {
            try tree.process(pid, "pause", open: [])
            try tree.file("proc/\(pid)/mountinfo", "300 200 259:0 / / rw - ext4 /dev/nvme0n1 rw\n")
        }
        try tree.process(3001, "backup", open: [])
        try tree.file("proc/3001/mountinfo", "303 300 259:2 / /data rw - xfs /dev/nvme2n1 rw\n")
        #expect(try tree.verdict("03:00.0") == .inUse)
    }

    @Test func `are the same in a recording`() throws {
        let tree = try host()
        let card = try tree.function("0000:3b:00.0", deviceClass: "020000", driver: "igb")
        try tree.interface("eth0", on: try tree.function("0000:3a:00.0", deviceClass: "020000", driver: "igb"))
        try tree.file("run/patchbay/networks", "812\teth1\tpci\t0000:3b:00.0\n")
        try tree.link("sys/class/virtio-ports/vport0p1", to: "\(card)/virtio0/virtio-ports/vport0p1")
        try tree.process(7, "qemu-ga", open: ["/dev/vport0p1"])
        let live = try tree.observe()
        let replay = try Replay(tree: HostRecording(root: tree.root, isAnonymous: false).tree, name: "atlas")
        let recorded = try InventoryReader(root: replay.root, hostName: "atlas").observe()
        #expect(recorded.inventory.hostUses == live.inventory.hostUses)
        #expect(recorded.inventory.hostUses.values.joined().contains { $0.reason == .otherNamespace })
        #expect(recorded.inventory.hostUses.values.joined().contains { $0.reason == .holder })
    }

    @Test func `are looked at again when devices or programs changed, and not for a route`() throws {
        let tree = try host()
        let reader = InventoryReader(root: tree.root, hostName: "atlas")
        let before = try reader.observe()
        try tree.process(9, "fio", open: ["/dev/nvme2n1"])
        let address = try PCIAddress("03:00.0")
        let route = try reader.refresh(before, after: HostChange(parts: [.network]))
        #expect(route.inventory.verdict(of: address) == .free)
        let programs = try reader.refresh(route, after: HostChange(parts: [.programs]))
        #expect(programs.inventory.verdict(of: address) == .inUse)
        #expect(programs.inventory == (try reader.observe().inventory))
    }

    /// Nobody but root may enter one, and not in every container.
    @Test(.enabled(if: pb_is_root() == 1, "only root may enter a network namespace"))
    func `are entered by a child, and this process stays where it is`() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        var text: UnsafeMutablePointer<CChar>?
        let paths = ["/proc/\(getpid())/ns/net", "/nowhere/ns/net", "/etc/passwd"]
        let count = CStrings.withPointers(paths) { pb_networks($0, 3, 10_000, 1 << 16, &text) }
        defer { pb_free(text) }
        let answer = text.map {
            String(decoding: UnsafeRawBufferPointer(start: $0, count: max(0, count)), as: UTF8.self)
        }
        let lines = try #require(answer).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.contains(["2", "!"]), "a file is no namespace")
        #expect(!lines.contains { $0[0] == "1" }, "what is gone has nothing")
        let names = try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")
        for line in lines where line[0] == "0" && line.count == 4 { #expect(names.contains(String(line[1]))) }
        if lines.contains(["0", "!"]) { print("skipped: this container may not enter its own network namespace") }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net") == own)
    }

    @Test func `tell no more than there is room for`() {
        var text: UnsafeMutablePointer<CChar>?
        let count = CStrings.withPointers(["/proc/self/ns/net"]) { pb_networks($0, 1, 10_000, 0, &text) }
        #expect(count < 0)
        #expect(text == nil)
    }
}

import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Programs that hold devices` {
    private func scan(_ tree: SampleTree) throws -> [DeviceKey: [DeviceHolder]] {
        let inventory = try tree.read().inventory
        var limits = ScanLimits()
        limits.milliseconds = 60_000
        return HolderScan(tree: try HostTree(root: tree.root), limits: limits).sights().holders(in: inventory)
    }

    @Test func `are found by every kind of node`() throws {
        let tree = try SampleTree()
        let gpu = try tree.function("0000:41:00.0", driver: "nvidia")
        try tree.file("proc/driver/nvidia/gpus/0000:41:00.0/information", "Model: \t A100\nDevice Minor: \t 3\n")
        try tree.link("sys/class/drm/renderD128", to: "\(gpu)/drm/renderD128")
        let sound = try tree.function("0000:41:00.1", deviceClass: "040300", driver: "snd_hda_intel")
        for node in ["controlC1", "pcmC1D0p"] {
            try tree.link("sys/class/sound/\(node)", to: "\(sound)/sound/card1/\(node)")
        }
        let disk = try tree.nvme("0000:01:00.0", "nvme0n1", partitions: ["nvme0n1p1"])
        try tree.link("sys/class/nvme/nvme0", to: String(disk.dropLast("/nvme0n1".count)))
        let fabric = try tree.function("0000:61:00.0", deviceClass: "020700", driver: "mlx5_core")
        try tree.link("sys/class/infiniband_verbs/uverbs0", to: "\(fabric)/infiniband_verbs/uverbs0")
        try tree.function("0000:81:00.0", driver: "vfio-pci", group: 26)
        let usb = try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd")
        try tree.usb("1-2", below: usb, id: "1234:5678")
        let nodes: [(String, String)] = [
            ("/dev/nvidia3", "41:00.0"), ("/dev/dri/renderD128", "41:00.0"), ("/dev/snd/pcmC1D0p", "41:00.1"),
            ("/dev/nvme0", "01:00.0"), ("/dev/nvme0n1", "01:00.0"), ("/dev/nvme0n1p1", "01:00.0"),
            ("/dev/infiniband/uverbs0", "61:00.0"), ("/dev/vfio/26", "81:00.0"), ("/dev/bus/usb/001/004", "00:14.0"),
        ]
        for (index, entry) in nodes.enumerated() {
            try tree.process(1000 + index, "program", open: ["/dev/null", entry.0, "socket:[77]"])
        }
        try tree.process(2000, "bystander", open: ["/dev/null", "/dev/nvidiactl", "/home", "/dev/snd/controlC1"])
        let holders = try scan(tree)
        for (index, entry) in nodes.enumerated() {
            let own = holders[try PCIAddress(entry.1)] ?? []
            #expect(own.contains { $0.pid == 1000 + index && $0.node == entry.0 }, "\(entry.0)")
        }
        #expect(holders[try DeviceKey("usb-1-2")]?.map(\.node) == ["/dev/bus/usb/001/004"], "of the stick itself, too")
        #expect(holders.values.joined().allSatisfy { $0.pid < 2000 })
    }

    @Test(arguments: [
        ("/dev/tenstorrent/0", "sys/class/tenstorrent/tenstorrent!0"), ("/dev/apex_0", "sys/class/apex/apex_0"),
        ("/dev/dvb/adapter1/frontend0", "sys/class/dvb/dvb1.frontend0"), ("/dev/dlb0", "sys/class/dlb2/dlb0"),
        ("/dev/dsa/wq0.1", "sys/bus/dsa/devices/wq0.1"), ("/dev/iax/wq3.0", "sys/bus/dsa/devices/wq3.0"),
        ("/dev/cxl/mem0", "sys/bus/cxl/devices/mem0"), ("/dev/somebodys0", "sys/class/somebodys/somebodys0"),
    ]) func `are found by a class or bus of the driver's own`(_ node: String, _ link: String) throws {
        let tree = try SampleTree()
        let card = try tree.function("0000:21:00.0", deviceClass: "120000", driver: "x")
        try tree.link(link, to: "\(card)/x/\(link.split(separator: "/").last ?? "")")
        try tree.process(7, "python3", open: [node])
        #expect(try scan(tree)[PCIAddress("21:00.0")]?.map(\.node) == [node])
    }

    /// They have no class in sysfs: the numbers say nothing of which is which.
    @Test func `have every switch between GPUs with the node of one`() throws {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", id: "10de:22a3", deviceClass: "068000", driver: "nvidia-nvswitch")
        try tree.function("0000:42:00.0", id: "10de:22a3", deviceClass: "068000", driver: "nvidia-nvswitch")
        try tree.function("0000:43:00.0", id: "10de:22a3", deviceClass: "068000", driver: "vfio-pci")
        for address in ["0000:41:00.0", "0000:42:00.0"] {
            try tree.link("sys/bus/pci/drivers/nvidia-nvswitch/\(address)", to: "sys/devices/pci0000:00/\(address)")
        }
        try tree.function("0000:44:00.0", driver: "nvidia")
        try tree.link("sys/bus/pci/drivers/nvidia/0000:44:00.0", to: "sys/devices/pci0000:00/0000:44:00.0")
        try tree.process(900, "monitor", open: ["/dev/nvidia-nvswitchctl"])
        try tree.process(902, "somebody", open: ["/dev/nvidia-nvswitch", "/dev/nvidia"])
        #expect(try scan(tree).isEmpty, "no node of the driver's is without a number")
        try tree.process(901, "nv-fabricmanage", open: ["/dev/nvidia-nvswitchctl", "/dev/nvidia-nvswitch0"])
        let holders = try scan(tree)
        #expect(Set(holders.keys) == [try DeviceKey("41:00.0"), try DeviceKey("42:00.0")])
        #expect(holders.values.joined().allSatisfy { $0.pid == 901 && $0.node == "/dev/nvidia-nvswitch0" })
    }

    @Test(
        arguments: [
            ("0::/system.slice/nvidia-persistenced.service", "nvidia-persistenced.service", nil),
            ("12:devices:/x\n1:name=systemd:/system.slice/ssh.service\n0::/\n", "ssh.service", nil),
            ("0::/user.slice/user-0.slice/user@0.service/app.slice/ollama.service", "ollama.service", nil),
            ("0::/user.slice/user-0.slice/session-3.scope", "session-3.scope", nil),
            ("0::/docker/ID", nil, "docker 0123456789ab"),
            ("0::/system.slice/docker-ID.scope", "docker-ID.scope", "docker 0123456789ab"),
            ("0::/machine.slice/libpod-ID.scope/container", "libpod-ID.scope", "podman 0123456789ab"),
            (
                "0::/kubepods.slice/pod1.slice/cri-containerd-ID.scope", "cri-containerd-ID.scope",
                "containerd 0123456789ab"
            ),
            ("0::/kubepods/besteffort/pod77/ID", nil, "kubernetes 0123456789ab"),
            ("0::/lxc.payload.web/init.scope", "init.scope", "lxc web"), ("0::/", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)])
    func `are named with their unit and container`(_ group: String, _ unit: String?, _ container: String?) throws {
        let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        let tree = try SampleTree()
        try tree.function("0000:81:00.0", driver: "vfio-pci", group: 26)
        try tree.process(7, "x", open: ["/dev/vfio/26"], cgroup: group.replacing("ID", with: id))
        let holder = try #require(try scan(tree)[PCIAddress("81:00.0")]?.first)
        #expect(holder.unit == unit?.replacing("ID", with: id))
        #expect(holder.container == container)
    }

    @Test(arguments: [
        ("nvidia-persiste", "nvidia-persistenced"), ("nv-hostengine", "dcgm"), ("qemu-system-x86", "guest"),
        ("pipewire", "sound-server"), ("Xorg", "display-manager"), ("nv-fabricmanage", "fabric-manager"),
        ("ollama", "ollama"), ("agetty", "login-prompt"),
    ]) func `are let go by known recipes`(_ command: String, _ recipe: String) throws {
        #expect(ReleaseRecipe.matching(command: command, unit: nil)?.name == recipe)
        #expect(ReleaseRecipe.named(recipe)?.steps.isEmpty == false)
    }

    /// The recipe stands on the pages of the cards and on those of the switches.
    @Test func `are kept running for the cards beside, in words that are true of a switch, too`() throws {
        let steps = try #require(ReleaseRecipe.named("fabric-manager")).steps
        #expect(steps.first == "Keep it running while GPUs of this board are in use: they need it and its switches.")
    }

    @Test func `without a recipe are stopped by their unit, or by hand`() {
        var holder = DeviceHolder(pid: 9, command: "x", node: "/dev/sda", unit: "x.service", container: "lxc web")
        #expect(holder.sentence == "x (pid 9, x.service, lxc web) holds /dev/sda")
        #expect(holder.release == ["systemctl stop x.service"])
        holder.unit = nil
        #expect(holder.release == ["End x (last seen as process 9)."])
        #expect(ReleaseRecipe.matching(command: "x", unit: nil) == nil)
    }

    @Test func `are told of the functions that are asked for, and of no others`() throws {
        let tree = try SampleTree()
        try tree.function("0000:81:00.0", driver: "vfio-pci", group: 26)
        try tree.function("0000:82:00.0", driver: "vfio-pci", group: 27)
        try tree.process(7, "one", open: ["/dev/vfio/26"])
        try tree.process(8, "two", open: ["/dev/vfio/27", "/dev/vfio/vfio"])
        let scan = HolderScan(tree: try HostTree(root: tree.root))
        let (first, second) = (try DeviceKey("81:00.0"), try DeviceKey("82:00.0"))
        #expect(scan.openNodes(of: [first]).holders.mapValues { $0.map(\.command) } == [first: ["one"]])
        #expect(scan.openNodes(of: [first, second]).holders.keys.sorted() == [first, second])
        #expect(scan.holders(of: second).map(\.sentence) == ["two (pid 8) holds /dev/vfio/27"])
    }

    @Test func `that cannot be seen are said to be so, right before a write as well`() throws {
        let tree = try SampleTree()
        try tree.function("0000:81:00.0", driver: "vfio-pci", group: 26)
        try tree.process(7, "one", open: ["/dev/vfio/26"])
        try tree.process(8, "two", open: ["/dev/vfio/26"])
        let device = try DeviceKey("81:00.0")
        let source = try HostTree(root: tree.root)
        #expect(HolderScan(tree: source).openNodes(of: [device]).gaps.isEmpty)
        var limits = ScanLimits()
        limits.processes = 1
        let some = HolderScan(tree: source, limits: limits).openNodes(of: [device])
        #expect(some.gaps == ["more than 1 processes"])
        #expect(some.holders[device]?.map(\.command) == ["one"])
        try tree.file("run/patchbay/unseen", "mounts not all looked at\nprograms processes of others cannot be seen\n")
        #expect(HolderScan(tree: source).openNodes(of: [device]).gaps == ["processes of others cannot be seen"])
    }

    @Test func `that have a disk below a volume controller open hold the controller`() throws {
        let tree = try SampleTree()
        let controller = try tree.function("0000:6a:00.5", deviceClass: "010400", driver: "vmd")
        try tree.disk("nvme0n1", below: "\(controller)/pci10001:80/10001:80:00.0/nvme/nvme0")
        try tree.process(7, "fio", open: ["/dev/nvme0n1"])
        let scan = HolderScan(tree: try HostTree(root: tree.root))
        #expect(scan.holders(of: try DeviceKey("6a:00.5")).map(\.node) == ["/dev/nvme0n1"])
    }

    @Test(arguments: [
        ("pipewire", "/dev/snd/controlC1", false), ("mpv", "/dev/snd/pcmC1D3p", true), ("ollama", "/dev/kfd", false),
        ("(udev-worker)", "/dev/sda", false),
        ("systemd-logind", "/dev/input/event3", false), ("acpid", "/dev/input/event0", false),
        ("systemd-logind", "/dev/dri/card0", true), ("Xorg", "/dev/input/event3", true),
        ("qemu-system-x86", "/dev/vfio/26", true), ("zigbee2mqtt", "/dev/ttyUSB0", true),
    ]) func `are in the way unless nobody would miss the device`(_ command: String, _ node: String, _ isObstacle: Bool)
    {
        #expect(DeviceHolder(pid: 9, command: command, node: node).isObstacle == isObstacle)
    }

    @Test func `are looked for in all of 10,000 processes`() throws {
        let tree = try SampleTree()
        try tree.function("0000:81:00.0", driver: "vfio-pci", group: 26)
        for pid in 1...10_000 { try tree.directory("proc/\(pid)/fd") }
        try tree.process(9_999, "qemu-system-x86", open: ["/dev/vfio/26"])
        #expect(try scan(tree)[PCIAddress("81:00.0")]?.map(\.pid) == [9_999])
    }
}

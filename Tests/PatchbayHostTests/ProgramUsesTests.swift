import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `What programs have` {
    @Test func `is in use, with the program, its unit and the node`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.function("0000:1a:00.0", deviceClass: "020000", driver: "vfio-pci", group: 45)
        try tree.function("0000:1a:00.1", deviceClass: "020000", driver: "vfio-pci", group: 46)
        try tree.function("0000:16:02.0", deviceClass: "060400", headerType: 1, driver: "pcieport", group: 45)
        try tree.process(
            2210, "ovs-vswitchd", open: ["/dev/vfio/45", "/dev/vfio/vfio"],
            cgroup: "0::/system.slice/ovs-vswitchd.service\n")
        let uses = try tree.uses("1a:00.0")
        #expect(
            uses.map(\.sentence) == [
                "open by a program: ovs-vswitchd (ovs-vswitchd.service) → /dev/vfio/45 → 0000:1a:00.0"
            ])
        #expect(try tree.verdict("1a:00.0") == .inUse)
        #expect(try tree.verdict("1a:00.1") == .free, "nobody has its group open")
        #expect(try tree.uses("16:02.0").map(\.reason) == [.bridge])
    }

    @Test func `of every kind of node takes the function behind it`() throws {
        let tree = try SampleTree()
        let console = try tree.function("0000:00:1e.0", id: "1af4:1003", deviceClass: "078000", driver: "virtio-pci")
        try tree.link("sys/class/virtio-ports/vport3p1", to: "\(console)/virtio3/virtio-ports/vport3p1")
        let controller = try tree.function("0000:05:00.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let stick = try tree.usb("1-2", below: controller, id: "10c4:ea60")
        try tree.link("sys/class/tty/ttyUSB0", to: "\(stick)/1-2:1.0/ttyUSB0/tty/ttyUSB0")
        try tree.nvme("0000:04:00.0", "nvme1n1", partitions: ["nvme1n1p1"])
        try tree.stack("dm-0", on: ["nvme1n1p1"])
        try tree.process(7, "qemu-ga", open: ["/dev/vport3p1"])
        try tree.process(8, "zigbee2mqtt", open: ["/dev/ttyUSB0"], cgroup: "0::/lxc.payload.home/init.scope\n")
        try tree.process(9, "ceph-osd", open: ["/dev/dm-0"])
        #expect(try tree.uses("00:1e.0").map(\.chain) == [["qemu-ga", "/dev/vport3p1", "0000:00:1e.0"]])
        #expect(
            try tree.uses("05:00.0").map(\.chain) == [
                ["zigbee2mqtt (init.scope, lxc home)", "/dev/ttyUSB0", "USB 1-2", "0000:05:00.0"]
            ])
        #expect(try tree.uses(ofUSB: "1-2").map(\.reason) == [.holder])
        #expect(try tree.uses("04:00.0").contains { $0.reason == .holder && $0.chain.contains("nvme1n1p1") })
    }

    @Test func `and everybody has open takes nothing`() throws {
        let tree = try SampleTree()
        let controller = try tree.function("0000:05:00.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let tablet = try tree.usb("1-2", below: controller, id: "0627:0001", interfaces: ["030000"])
        try tree.link("sys/class/input/event3", to: "\(tablet)/1-2:1.0/0003:0627:0001.0001/input/input5/event3")
        let sound = try tree.function("0000:41:00.1", deviceClass: "040300", driver: "snd_hda_intel")
        try tree.link("sys/class/sound/controlC1", to: "\(sound)/sound/card1/controlC1")
        try tree.process(400, "systemd-logind", open: ["/dev/input/event3"])
        try tree.process(401, "acpid", open: ["/dev/input/event3"])
        try tree.process(402, "pipewire", open: ["/dev/snd/controlC1"])
        #expect(try tree.verdict("05:00.0") == .free)
        #expect(try tree.verdict("41:00.1") == .free)
        try tree.process(900, "Xorg", open: ["/dev/input/event3"])
        #expect(try tree.verdict("05:00.0") == .inUse, "somebody sits in front of it")
    }

    @Test func `by a node that a recording tells of without its class takes the function that has it`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        let fabric = try tree.function("0000:61:00.0", deviceClass: "020700", driver: "mlx5_core")
        try tree.directory("\(fabric)/infiniband_verbs/uverbs0")
        let card = try tree.function("0000:62:00.0", driver: "vfio-pci", group: 5)
        try tree.directory("\(card)/vfio-dev/vfio3")
        let gpu = try tree.function("0000:63:00.0", driver: "nvidia")
        try tree.link("sys/bus/pci/drivers/nvidia/0000:63:00.0", to: gpu)
        try tree.process(5, "mpirun", open: ["/dev/infiniband/uverbs0", "/dev/infiniband/rdma_cm"])
        try tree.process(6, "cloud-hypervisor", open: ["/dev/vfio/devices/vfio3", "/dev/iommu"])
        try tree.process(7, "python3", open: ["/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm"])
        for address in ["61:00.0", "62:00.0", "63:00.0"] {
            #expect(try tree.uses(address).map(\.reason) == [.holder], "\(address)")
        }
    }

    @Test func `on VFIO by somebody's hand cannot be told where no program is`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        for (address, kind) in [("0000:03:00.0", "020000"), ("0000:04:00.0", "010802"), ("0000:05:00.0", "030200")] {
            let function = try tree.function(address, deviceClass: kind, driver: "vfio-pci", group: 3)
            try tree.file("\(function)/driver_override", "vfio-pci\n")
        }
        try tree.function("0000:06:00.0", deviceClass: "020000", driver: "vfio-pci")
        let use = HostUse(.userSpace, .unknown, chain: ["vfio-pci, bound by another program", "0000:03:00.0"])
        #expect(try tree.uses("03:00.0") == [use])
        #expect(try tree.verdict("04:00.0") == .unknown)
        #expect(try tree.verdict("05:00.0") == .free, "no uplink, and no disk")
        #expect(try tree.verdict("06:00.0") == .free, "a parameter of the kernel set it aside")
        try tree.file("etc/driverctl.d/0000:03:00.0", "vfio-pci\n")
        #expect(try tree.verdict("03:00.0") == .free)
        try tree.file("run/patchbay/unseen", "")
        #expect(try tree.verdict("04:00.0") == .free, "all programs were looked at, and none has it")
    }

    @Test func `by a driver in user space may be in use, and is when its node is open`() throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        let first = try tree.function("0000:03:00.0", deviceClass: "020000", driver: "uio_pci_generic")
        let second = try tree.function("0000:03:00.1", deviceClass: "020000", driver: "igb_uio")
        try tree.link("sys/class/uio/uio0", to: "\(first)/uio/uio0")
        try tree.link("sys/class/uio/uio1", to: "\(second)/uio/uio1")
        try tree.process(77, "spdk_tgt", open: ["/dev/uio1"])
        #expect(
            try tree.uses("03:00.0") == [HostUse(.userSpace, .unknown, chain: ["uio_pci_generic", "0000:03:00.0"])])
        #expect(try tree.verdict("03:00.1") == .inUse)
        #expect(try tree.uses("03:00.1").map(\.reason) == [.holder])
    }
}

@Suite struct `A network function without an interface` {
    /// A card with a physical function that has an interface, and virtual ones.
    private func card() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.noRoutes()
        let parent = try tree.function("0000:3b:00.0", deviceClass: "020000", driver: "i40e")
        try tree.interface("ens1f0", on: parent)
        try tree.file("\(parent)/sriov_totalvfs", "2\n")
        try tree.file("\(parent)/sriov_numvfs", "2\n")
        for (index, driver) in ["iavf", nil].enumerated() {
            let address = "0000:3b:0a.\(index)"
            let child = try tree.function(address, deviceClass: "020000", driver: driver)
            try tree.link("\(child)/physfn", to: parent)
            try tree.link("\(parent)/virtfn\(index)", to: child)
        }
        return tree
    }

    @Test func `is not free while a network driver has it`() throws {
        let tree = try card()
        #expect(
            try tree.uses("3b:0a.0") == [
                HostUse(.otherNamespace, .unknown, chain: ["iavf shows no interface", "0000:3b:0a.0"])
            ])
        #expect(try tree.verdict("3b:0a.1") == .free, "without a driver it has none anywhere")
        #expect(try tree.uses("3b:00.0").contains { $0.reason == .virtualFunctions && $0.severity == .unknown })
    }

    @Test func `is in use when another network namespace has it`() throws {
        let tree = try card()
        try tree.file("run/patchbay/networks", "812\tnet1\tpci\t0000:3b:0a.0\nblue\tveth0\tpci\t../x\n")
        try tree.process(812, "coredns", open: [])
        #expect(
            try tree.uses("3b:0a.0").map(\.sentence) == [
                "network interface in another namespace: coredns → net1 → 0000:3b:0a.0"
            ])
        #expect(try tree.verdict("3b:0a.0") == .inUse)
    }

    /// `@` and the number of an interface of the host: what a container's macvlan stands on.
    @Test func `is in use, as is one whose interface carries another of a container`() throws {
        let tree = try card()
        try tree.file("sys/class/net/ens1f0/ifindex", "7\n")
        for address in ["0000:05:00.0", "0000:06:00.0"] {
            try tree.card(address, "eth\(address.dropFirst(6).prefix(1))")
        }
        try tree.interface("bond0", lower: ["eth5"])
        try tree.file("sys/class/net/bond0/ifindex", "9\n")
        try tree.file("run/patchbay/networks", "812\tnet1\t@\t9\n812\tnet2\t@\t7\n812\tnet3\t@\t44\n")
        try tree.process(812, "coredns", open: [])
        #expect(try tree.chains("05:00.0", .otherNamespace) == [["coredns", "net1", "bond0", "eth5", "0000:05:00.0"]])
        #expect(try tree.chains("3b:00.0", .otherNamespace) == [["coredns", "net2", "ens1f0", "0000:3b:00.0"]])
        #expect(try tree.verdict("05:00.0") == .inUse)
        #expect(try tree.verdict("06:00.0") == .free)
    }

    /// The device of RDMA is shown in all namespaces unless the host says otherwise.
    @Test func `is not free though its RDMA device shows, where the folder of its interface is left`() throws {
        let tree = try card()
        let own = try tree.function("0000:4b:00.2", deviceClass: "020000", driver: "mlx5_core")
        try tree.link("sys/class/infiniband/mlx5_2", to: "\(own)/infiniband/mlx5_2")
        try tree.directory("\(own)/net")
        #expect(
            try tree.uses("4b:00.2") == [
                HostUse(.otherNamespace, .unknown, chain: ["mlx5_core shows no interface", "0000:4b:00.2"])
            ])
    }

    @Test func `is no riddle where its InfiniBand device shows, or no interface is told at all`() throws {
        let tree = try card()
        let fabric = try tree.function("0000:4b:00.0", deviceClass: "020000", driver: "mlx5_core")
        try tree.link("sys/class/infiniband/mlx5_2", to: "\(fabric)/infiniband/mlx5_2")
        try tree.function("0000:4c:00.0", deviceClass: "020700", driver: "mlx5_core")
        #expect(try tree.verdict("4b:00.0") == .free)
        #expect(try tree.verdict("4c:00.0") == .free)
        let bare = try SampleTree()
        try bare.noRoutes()
        try bare.function("0000:05:00.0", deviceClass: "020000", driver: "igb")
        #expect(try bare.verdict("05:00.0") == .free)
    }
}

@Suite struct `A card with mediated devices` {
    @Test func `is in use, whoever made them`() throws {
        let tree = try SampleTree()
        let uuid = "c728e022-f16f-434b-ad2c-9665ee634d3d"
        let card = try tree.function("0000:41:00.0", driver: "nvidia")
        let parent = try tree.function("0000:42:00.0", driver: "nvidia")
        let other = try tree.function("0000:42:00.4", driver: "nvidia")
        try tree.link("\(other)/physfn", to: parent)
        try tree.link("\(card)/\(uuid)/mdev_type", to: "\(card)/mdev_supported_types/nvidia-474")
        try tree.link("sys/bus/mdev/devices/\(uuid)", to: "\(card)/\(uuid)")
        #expect(
            try tree.uses("41:00.0").map(\.sentence) == [
                "mediated devices in use: mediated device \(uuid) (nvidia-474) → 0000:41:00.0"
            ])
        #expect(try tree.verdict("42:00.0") == .free)
        try tree.file("\(other)/nvidia/current_vgpu_type", "0\n")
        #expect(try tree.verdict("42:00.4") == .free)
        try tree.file("\(other)/nvidia/current_vgpu_type", "1145\n")
        #expect(try tree.verdict("42:00.4") == .inUse)
        #expect(try tree.verdict("42:00.0") == .inUse, "its virtual function would vanish")
    }

    @Test func `is kept for a guest that names one, though it runs no more`() throws {
        let tree = try SampleTree()
        let uuid = "c728e022-f16f-434b-ad2c-9665ee634d3d"
        try tree.function("0000:41:00.0", driver: "nvidia")
        try tree.file(
            "etc/libvirt/qemu/trainer.xml",
            """
            <domain><devices>
            <hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='\(uuid)'/></source>
            <address type='pci' domain='0x0000' bus='0x05'/></hostdev>
            </devices></domain>
            """)
        #expect(try tree.verdict("41:00.0") == .free, "nothing tells whose it was")
        try tree.file("etc/mdevctl.d/0000:41:00.0/\(uuid)", "{}")
        #expect(
            try tree.uses("41:00.0").map(\.chain) == [["VM trainer", "mediated device \(uuid)", "0000:41:00.0"]])
    }
}

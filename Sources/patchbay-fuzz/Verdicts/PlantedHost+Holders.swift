/// Users that no table of the host names: other network namespaces, drivers of user space, open nodes, mediated devices.
enum HolderUse: String, CaseIterable {
    case movedInterface = "interface in another network namespace", userSpaceDriver = "driver of user space"
    case vfioGroup = "open VFIO group", vfioDevice = "open VFIO device", node = "open node of a device"
    case disk = "open disk", mediated = "mediated device", virtualFunction = "virtual function in use"
}

extension PlantedHost {
    mutating func plant(_ use: HolderUse) {
        switch use {
        case .movedInterface: plantMovedInterface()
        case .userSpaceDriver: plantUserSpaceDriver()
        case .vfioGroup, .vfioDevice: plantVFIO(byDevice: use == .vfioDevice)
        case .node: plantNode()
        case .disk:
            let block = part(of: disk())
            process("qemu-nbd", unit: "export.service", open: [block.node])
            need(block)
        case .mediated: plantMediated()
        case .virtualFunction: plantVirtualFunction()
        }
    }

    /// Bound to a driver of the network, and `net` is empty or not there.
    private mutating func plantMovedInterface() {
        let (id, driver) = dice.pick([("8086:154c", "iavf"), ("15b3:1016", "mlx5_core"), ("8086:1592", "ice")])
        let card = card(id, "020000", driver: driver)
        if chance(1, in: 2) { folder("\(card.path)/net") }
        need(card)
    }

    /// A network card or a disk on a driver that hands it to a program, which may be seen or not.
    private mutating func plantUserSpaceDriver() {
        let driver = dice.pick(["uio_pci_generic", "igb_uio"])
        let card =
            chance(1, in: 2) ? card("8086:1572", "020000", driver: driver) : card("144d:a80a", "010802", driver: driver)
        let name = "uio\(next("uio"))"
        attributes("\(card.path)/uio/\(name)", "name=\(driver)\nversion=0\nevent=0\ndev=237:0")
        link("\(card.path)/uio/\(name)/device", to: card.path)
        link("sys/class/uio/\(name)", to: "\(card.path)/uio/\(name)")
        if chance(1, in: 2) { process("spdk_tgt", unit: "spdk.service", open: ["/dev/\(name)"]) }
        need(card)
    }

    private mutating func plantVFIO(byDevice: Bool) {
        let (id, deviceClass) = dice.pick([("10de:20b5", "030200"), ("8086:1572", "020000"), ("144d:a80a", "010802")])
        var card = card(id, deviceClass, driver: "vfio-pci", isAlone: true)
        if chance(1, in: 4) { addMate(&card, "10de:1aef", "040300", driver: "vfio-pci") }
        let number = next("vfio")
        attributes("\(card.path)/vfio-dev/vfio\(number)", "dev=511:\(number)")
        let nodes =
            byDevice
            ? ["/dev/iommu", "/dev/vfio/devices/vfio\(number)"] : ["/dev/vfio/vfio", "/dev/vfio/\(card.group)"]
        process(dice.pick(["qemu-system-x86", "cloud-hypervisor", "dpdk-testpmd"]), unit: "guest.scope", open: nodes)
        need(card)
    }

    /// A node of a kernel class that a process has open.
    private mutating func plantNode() {
        let number = next("node")
        switch dice.below(6) {
        case 0:
            let card = card("1002:73bf", "030000", driver: "amdgpu", isAlone: true)
            classNode(card, "drm", "renderD\(128 + number)", in: "/dev/dri/")
        case 1:
            let card = card("15b3:1017", "020700", driver: "mlx5_core", isAlone: true)
            classNode(card, "infiniband_verbs", "uverbs\(number)", in: "/dev/infiniband/")
        case 2:
            let card = card("8086:a170", "040300", driver: "snd_hda_intel", isAlone: true)
            attributes("\(card.path)/sound/card\(number)", "id=Card\nnumber=\(number)")
            let path = "\(card.path)/sound/card\(number)/pcmC\(number)D0p"
            attributes(path, "dev=116:\(number)")
            link("sys/class/sound/pcmC\(number)D0p", to: path)
            openNode("/dev/snd/pcmC\(number)D0p", of: card)
        case 3:
            let disk = nvme()
            openNode("/dev/\(disk.name.dropLast(2))", of: disk.cards[0])
        case 4:
            let card = card("10de:20b5", "030200", driver: "nvidia", isAlone: true)
            file(
                "proc/driver/nvidia/gpus/\(card.address)/information",
                "Model: \t\t NVIDIA A100\nIRQ:   \t\t 100\nBus Location: \t \(card.address)\nDevice Minor: \t \(number)\n"
            )
            openNode("/dev/nvidia\(number)", of: card)
        default:
            let card = card("1da3:1060", "120000", driver: "habanalabs", isAlone: true)
            classNode(card, "accel", "accel\(number)", in: "/dev/accel/")
        }
    }

    private mutating func classNode(_ card: Card, _ folder: String, _ name: String, in directory: String) {
        let path = "\(card.path)/\(folder)/\(name)"
        attributes(path, "dev=226:\(next("minor"))")
        link("\(path)/device", to: card.path)
        link("sys/class/\(folder)/\(name)", to: path)
        openNode("\(directory)\(name)", of: card)
    }

    private mutating func openNode(_ node: String, of card: Card) {
        process(dice.pick(["python3", "ollama", "Xorg"]), unit: "work.service", open: [node])
        need(card)
    }

    /// Documentation/driver-api/vfio-mediated-device.rst.
    private mutating func plantMediated() {
        let card = card("8086:4680", "030000", driver: "i915", isAlone: true)
        let type = "\(card.path)/mdev_supported_types/i915-GVTg_V5_4"
        attributes(type, "available_instances=1\ndevice_api=vfio-pci\ndescription=low_gm_size: 128MB\nname=GVTg_V5_4")
        let uuid = uuid()
        let device = "\(card.path)/\(uuid)"
        link("\(device)/mdev_type", to: type)
        let group = "sys/kernel/iommu_groups/\(nextGroup())"
        attributes(group, "type=DMA")
        link("\(device)/iommu_group", to: group)
        link("\(group)/devices/\(uuid)", to: device)
        link("\(type)/devices/\(uuid)", to: device)
        link("sys/bus/mdev/devices/\(uuid)", to: device)
        link("sys/class/mdev_bus/\(card.address)", to: card.path)
        need(card)
    }

    /// A physical function would take its virtual functions with it, one of which is in use.
    private mutating func plantVirtualFunction() {
        let (parent, children) = physicalFunction(functions: 2)
        switch dice.below(3) {
        case 0: bind(children[0], "iavf")
        case 1:
            bind(children[0], "vfio-pci")
            process("qemu-system-x86", unit: "guest.scope", open: ["/dev/vfio/vfio", "/dev/vfio/\(children[0].group)"])
        default:
            bind(children[0], "iavf")
            let interface = interface(on: children[0], isUp: true)
            route(to: interface, by: interface)
        }
        need(children[0])
        need(parent)
        spare(children[1])
    }

    /// With virtual functions, each in a group of its own and without a driver.
    mutating func physicalFunction(functions count: Int) -> (Card, [Card]) {
        let parent = card("8086:1572", "020000", driver: "i40e", isAlone: true)
        _ = interface(on: parent, isUp: false)
        attributes(
            parent.path,
            "sriov_totalvfs=64\nsriov_numvfs=\(count)\nsriov_vf_device=154c\nsriov_offset=16\nsriov_stride=1")
        let children = (0..<count).map { number in
            let address = "\(parent.address.dropLast(4))02.\(number)"
            let child = Card(
                address: address, path: "\(parent.path.dropLast(parent.address.count))\(address)", group: nextGroup())
            function(child, "8086:154c", "020000", driver: nil)
            link("\(parent.path)/virtfn\(number)", to: child.path)
            link("\(child.path)/physfn", to: parent.path)
            return child
        }
        return (parent, children)
    }

    mutating func bind(_ card: Card, _ driver: String) {
        link("\(card.path)/driver", to: "sys/bus/pci/drivers/\(driver)")
        link("sys/bus/pci/drivers/\(driver)/\(card.address)", to: card.path)
    }
}

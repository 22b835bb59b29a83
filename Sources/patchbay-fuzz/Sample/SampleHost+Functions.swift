extension SampleHost {
    /// What a function is made of.
    struct Function {
        var address: String
        /// Directories above it below `sys/devices`.
        var parents: String
        var id: String
        var deviceClass: String
        var header: UInt8 = 0
        var driver: String?
        var group: Int?
        var config: [UInt8] = []
    }

    /// - Parameter wanted: addresses; nil: all.
    mutating func addFunctions(_ wanted: Set<String>? = nil) {
        let root = "pci0000:00"
        let port = "\(root)/0000:00:01.0"
        let second = "\(root)/0000:00:02.0"
        let endpoint = ConfigSpaceSample.endpoint
        for function in [
            Function(address: "0000:00:00.0", parents: root, id: "8086:2020", deviceClass: "060000"),
            Function(
                address: "0000:00:01.0", parents: root, id: "8086:2030", deviceClass: "060400", header: 1,
                driver: "pcieport", group: 0, config: ConfigSpaceSample.port),
            Function(
                address: "0000:00:02.0", parents: root, id: "8086:2031", deviceClass: "060400", header: 1,
                driver: "pcieport", group: 2, config: ConfigSpaceSample.port),
            Function(
                address: "0000:00:14.0", parents: root, id: "8086:a1af", deviceClass: "0c0330", driver: "xhci_hcd",
                group: 3),
            Function(
                address: "0000:00:1f.0", parents: root, id: "8086:a1c1", deviceClass: "060100", driver: "lpc_ich",
                group: 4),
            Function(
                address: "0000:01:00.0", parents: port, id: "10de:20b5", deviceClass: "030000", driver: "nvidia",
                group: 1, config: endpoint),
            Function(
                address: "0000:01:00.1", parents: port, id: "10de:1aef", deviceClass: "040300",
                driver: "snd_hda_intel", group: 1, config: ConfigSpaceSample.conventional),
            Function(
                address: "0000:02:00.0", parents: second, id: "8086:1592", deviceClass: "020000", header: 0x80,
                driver: "ice", group: 5, config: endpoint),
            Function(
                address: "0000:02:01.0", parents: second, id: "8086:1889", deviceClass: "020000", driver: "vfio-pci",
                group: 6),
            Function(
                address: "0000:03:00.0", parents: second, id: "144d:a80a", deviceClass: "010802", driver: "nvme",
                group: 7, config: endpoint),
            Function(
                address: "10000:e1:00.0", parents: "\(root)/0000:00:0e.0/pci10000:e1", id: "144d:a80a",
                deviceClass: "010802", group: 8),
        ] where wanted?.contains(function.address) ?? true { add(function) }
    }

    mutating func addFunctionExtras() {
        let bridge = "pci0000:00/0000:00:02.0"
        let parent = "sys/devices/\(bridge)/0000:02:00.0"
        let child = "sys/devices/\(bridge)/0000:02:01.0"
        attributes(parent, "sriov_totalvfs=64\nsriov_numvfs=1\nsriov_vf_device=1889\nsriov_drivers_autoprobe=1")
        link("\(parent)/virtfn0", to: child)
        link("\(child)/physfn", to: parent)
        file("\(parent)/vpd", ConfigSpaceSample.vpd)
        let display = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
        attributes(
            display, "boot_vga=1\nlabel=Onboard - Video\nacpi_index=3\nindex=1\nresource1_resize=000000000000fff0")
        file("\(display)/rom", ConfigSpaceSample.rom)
        folder("\(display)/drm/card0/card0-HDMI-A-1")
        attributes("\(display)/drm/card0/card0-HDMI-A-1", "status=connected\nenabled=enabled")
        folder("\(display)/graphics/fb0")
        link("sys/class/graphics/fb0", to: "\(display)/graphics/fb0")
        link("sys/class/drm/card0", to: "\(display)/drm/card0")
        attributes("sys/bus/pci/slots/3-1", "address=0000:01:00\nmax_bus_speed=16.0 GT/s PCIe\npower=1")
        attributes("sys/bus/pci/slots/4", "address=0000:02:00\npower=0")
        attributes("sys/class/iommu/dmar0/intel-iommu", "cap=d2008c40660462\necap=f050da\nversion=1:0")
        link("sys/class/iommu/dmar0/devices/0000:01:00.0", to: display)
    }

    private mutating func add(_ function: Function) {
        let directory = "sys/devices/\(function.parents)/\(function.address)"
        let ids = function.id.split(separator: ":")
        let code = function.deviceClass.uppercased()
        let (base, sub, interface) = (code.prefix(2), code.dropFirst(2).prefix(2), code.suffix(2))
        attributes(
            directory,
            """
            modalias=pci:v0000\(ids[0].uppercased())d0000\(ids[1].uppercased())sv00000000sd00000000bc\(base)sc\(sub)i\(interface)
            vendor=0x\(ids[0])
            device=0x\(ids[1])
            subsystem_vendor=0x\(ids[0])
            subsystem_device=0x1533
            class=0x\(function.deviceClass)
            revision=0xa1
            irq=24
            enable=1
            numa_node=0
            local_cpulist=0-3
            driver_override=(null)
            reset_method=flr bus
            power_state=D0
            d3cold_allowed=1
            current_link_speed=8.0 GT/s PCIe
            current_link_width=8
            max_link_speed=16.0 GT/s PCIe
            max_link_width=16
            ari_enabled=0
            msi_bus=1
            broken_parity_status=0
            """)
        for kind in ["correctable", "fatal", "nonfatal"] {
            file("\(directory)/aer_dev_\(kind)", "RxErr 0\nBadTLP 3\nTOTAL_ERR_\(kind.uppercased()) 3\n")
        }
        attributes("\(directory)/power", "control=on\nruntime_status=active")
        file(
            "\(directory)/resource",
            "0x00000000c0000000 0x00000000c0ffffff 0x0000000000040200\n0x0000380000000000 0x000038000fffffff 0x000000000014220c\n"
                + String(repeating: "0x0000000000000000 0x0000000000000000 0x0000000000000000\n", count: 11))
        file(
            "\(directory)/config",
            ConfigSpaceSample.header(function.id, function.deviceClass, function.header, function.config))
        file("\(directory)/uevent", "DRIVER=\(function.driver ?? "")\nPCI_SLOT_NAME=\(function.address)\n")
        link("sys/bus/pci/devices/\(function.address)", to: directory)
        if let driver = function.driver {
            attributes("sys/bus/pci/drivers/\(driver)", "new_id=")
            link("\(directory)/driver", to: "sys/bus/pci/drivers/\(driver)")
            link("sys/bus/pci/drivers/\(driver)/module", to: "sys/module/\(driver)")
        }
        if let group = function.group {
            attributes(
                "sys/kernel/iommu_groups/\(group)",
                "type=DMA-FQ\nreserved_regions=0x00000000fee00000 0x00000000feefffff msi")
            link("\(directory)/iommu_group", to: "sys/kernel/iommu_groups/\(group)")
            link("sys/kernel/iommu_groups/\(group)/devices/\(function.address)", to: directory)
        }
    }
}

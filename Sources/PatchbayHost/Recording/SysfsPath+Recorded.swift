/// What a recording takes: everything that any reader reads, in one place. A reader that reads something new adds it here;
/// a test compares what is read from a host and from its recording.
extension SysfsPath {
    static let recorded: [RecordRule] = [
        trees, system, buses, kernel, storageAndGuests, storageInUse, boot, installed, platform, [.routes, .holders],
    ].flatMap { $0 }

    private static let trees: [RecordRule] = [
        "sys/devices/pci*", "sys/devices/platform", "sys/devices/css*", "sys/devices/LNXSYSTM:00", cpuDevices,
        numaNodes,
        "sys/devices/virtual/block", "sys/devices/virtual/net", "sys/devices/virtual/dmi",
        "sys/devices/virtual/nvme-subsystem", "sys/devices/virtual/nvme-fabrics", "sys/devices/virtual/vtconsole",
        "sys/devices/virtual/iommu", "sys/devices/virtual/drm", iommuGroups, btrfs, bcachefs,
    ].map { .walk($0) }

    private static let system: [RecordRule] = [
        .bytes("sys/module/*vfio*/parameters/*"), .bytes("sys/module/kvm*/parameters/*"),
        .presence("sys/module/*vfio*"), .presence("sys/module/iommufd"), .presence("sys/module/kvm*"),
        .presence("sys/module/nvidia*"), .bytes("sys/module/nvidia*/version"), .bytes("sys/module/amdgpu/version"),
        .bytes("sys/module/i915/version"), .bytes("sys/module/xe/version"), .bytes("sys/module/gim/version"),
        .presence("\(firmwareTables)/*"), .reduced(remappingTable, .head(48)), .presence(efi),
        .bytes(secureBoot), .bytes(loaderName), .bytes(loaderPartition), .bytes(lockdown), .bytes(efficiencyCPUs),
        .bytes("\(iscsiBoot)/ethernet*/flags"), .bytes("\(iscsiBoot)/ethernet*/mac"), .links("\(iscsiBoot)/ethernet*"),
        .bytes(crashKernelLoaded), .bytes("\(pciSlots)/*/address"), .presence("\(pciSlots)/*/power"),
        .presence(iommufd[0]), .presence(iommufd[1]), .presence("dev/kvm"), .presence("dev/vfio/*"),
        .presence("dev/vfio/devices/*"),
    ]

    private static let buses: [RecordRule] =
        [
            pciDevices, pciDrivers, "\(pciDrivers)/*", usbDevices, virtioDevices, mediatedDevices, serioDevices,
            "sys/bus/vmbus/devices", scsiDevices, blockDevices, blockByNumber, blockClass, netClass,
            nvmeClass,
            nvmeSubsystems, iommuUnits, displays, mediatedParents, infiniband, iscsiConnections, virtualConsoles,
            framebuffers, terminals, dmaChannels, workQueues, memoryDevices, directMemory,
        ].map { .links($0) }
        + [
            "bluetooth", "dmi", "fc_host", "iscsi_host", "iscsi_session", "mmc_host", "power_supply", "scsi_host",
            "typec", "vfio", "vfio-dev",
        ].map { .links("\(classes)/\($0)") } + nodeClasses.map { .links("\(classes)/\($0)") }

    private static let kernel: [RecordRule] = {
        // A link on every kernel; a directory in trees that others recorded.
        let dmi = ["sys_vendor", "product_name", "board_vendor", "board_name", "bios_vendor", "bios_version"]
        let single = [
            commandLine, consoles, cpus, interrupts, memoryMap, memory, loadedModules, swaps, hostname, kernelRelease,
            "proc/driver/nvidia/version", "\(nvidiaCards)/*/information",
        ]
        let network = [routes, routes6, pppoe, vlans].flatMap { $0 }
        let files: [String] = [single, dmi.map { "\(board)/\($0)" }, mountInfo, mounts, network].flatMap { $0 }
        let connections: [RecordRule] = (tcp + tcp6).map { .reduced($0, .connections) }
        let sessions: [RecordRule] = packetSockets.map { .reduced($0, .lines(containing: [" \(PPPoE.session) "])) }
        return files.map { .bytes($0) } + connections + sessions + [.presence("\(zfsPools)/*")]
    }()

    private static let storageAndGuests: [RecordRule] = {
        let dumps: [RecordRule] = crashDumpFiles.map { .reduced($0, .settings) }
        return dumps + [
            .presence(udevData), .reduced("\(udevData)/b*", .lines(containing: ["E:ID_FS_", "E:ID_PART_", "S:zvol/"])),
            .reduced(fileSystemTable, .settings),
            .presence("\(mediatedDefinitions)/*/*"), .reduced("\(runningGuests)/*.xml", .disks),
            .reduced("\(definedGuests)/*.xml", .disks),
            .reduced(sshDaemon, .keyword("port")), .reduced("\(sshDaemonParts)/*", .keyword("port")),
        ]
    }()

    private static let boot: [RecordRule] = {
        let marks: [RecordRule] = (grubFolders + grubby).map { .presence($0) }
        let settings =
            [grubDefaults, "\(grubDefaultsFolder)/*", "etc/modprobe.d/*vfio*"]
            + (bootEntries + moduleOptions).map { "\($0)/*.conf" }
        let reduced: [RecordRule] =
            settings.map { .reduced($0, .numberedSettings) } + grubEnvironments.map { .reduced($0, .settings) }
        return marks + reduced + [
            .bytes(hostnameFile), .bytes(distribution), .bytes(vendorDistribution), .bytes(kernelCommandLineFile),
            .bytes(proxmoxPartitions), .presence(ostreeMark), .bytes("\(driverctl)/*"),
        ]
    }()

    private static let installed: [RecordRule] = {
        let firmware: [RecordRule] =
            firmwareDescriptors.map { .presence("\($0)/*.json") } + firmwareImages.map { .presence("\($0)/*.fd") }
        return firmware + [
            .reduced("\(kernelModules)/*/modules.builtin", .lines(containing: ["vfio"])),
            .reduced("\(kernelModules)/*/modules.alias", .lines(containing: ["vfio_pci:"])),
            .presence("\(kernelModules)/*/kernel/drivers/vfio/*"),
            .presence("\(kernelModules)/*/kernel/drivers/vfio/*/*"),
            .reduced(dpkgStatus, .packages(["qemu-system-*", "pve-qemu-kvm", "libvirt-daemon*", "libvirt0"])),
        ]
    }()

    /// Names of attributes below the directories that are walked.
    static let recordedAttributes: Set<String> = Set(
        """
        ari_enabled boot_vga class config consistent_dma_mask_bits current_link_speed current_link_width
        d3cold_allowed device dma_mask_bits driver_override enable index acpi_index label local_cpulist max_link_speed
        max_link_width modalias msi_bus numa_node power_state reset_method resource revision sriov_drivers_autoprobe
        sriov_numvfs sriov_offset sriov_stride sriov_totalvfs sriov_vf_device sriov_vf_total_msix subsystem_device
        subsystem_vendor vendor aer_dev_correctable aer_dev_fatal aer_dev_nonfatal irq
        available_instances description device_api name creatable_vgpu_types current_vgpu_type gpu_instance_id
        type reserved_regions
        idVendor idProduct bcdDevice bcdUSB serial manufacturer product busnum devnum devpath speed version
        bDeviceClass bDeviceSubClass bDeviceProtocol bMaxPower authorized removable bNumInterfaces
        bConfigurationValue bInterfaceNumber bInterfaceClass bInterfaceSubClass bInterfaceProtocol
        bAlternateSetting connect_type maxchild interface report_descriptor
        dev size ro hidden backing_dev netif partition start level array_state raid_disks metadata_version backing_file uuid
        wwid nguid eui model rev state transport address cntlid subsysnqn firmware_rev iopolicy metadata_uuid
        addr_len operstate carrier flags mtu ifindex iflink dev_port dev_id addr_assign_type phys_port_name
        phys_switch_id perm_hwaddr slaves active_slave mode mii_status status enabled tun_flags
        persistent_address iface_name targetname node_type
        cpulist distance meminfo hugepages nr_hugepages free_hugepages surplus_hugepages online present possible
        isolated nohz_full physical_package_id core_id die_id thread_siblings_list core_cpus_list
        sys_vendor product_name board_vendor board_name bios_vendor bios_version chassis_type bind line port
        active iomem_base mount_tag tag in_use clients driver_name commit target0 target1 target2 target3 target4 target5
        target6 target7 target8 target9 target10 target11 target12 target13 target14 target15
        """.split(whereSeparator: \.isWhitespace).map { String($0) })

    /// Directories and links that no reader looks at, and that hold thousands of entries or counters; and what is written
    /// to, or switches something on by being read.
    static func isLeftOut(_ name: String, in directory: String) -> Bool {
        if leftOut.contains(name) || name.hasPrefix("supplier:") || name.hasPrefix("consumer:") { return true }
        return directory.hasPrefix(numaNodes) && name.hasPrefix("memory")
    }

    private static let leftOut: Set<String> = [
        "power", "statistics", "queues", "msi_irqs", "firmware_node", "of_node", "cache", "cpufreq", "cpuidle",
        "microcode", "thermal_throttle", "hotplug", "crash_hotplug", "acpi_cppc", "physical_node", "wakeup", "mq",
        "integrity", "trace", "hwmon", "bsg", "ptp", "pps", "i2c-dev", "leds", "vulnerabilities", "smt", "devcoredump",
        "error_counters", "gt", "metrics", "engine", "ports", "rom", "remove", "rescan", "reset", "allocation",
        "counters",
    ]

    /// Where a process that holds a device has a link to: any node but those that everybody has open.
    static func isHeldNode(_ target: String) -> Bool {
        target.hasPrefix(deviceNodes) && !common.contains { target.hasPrefix($0) }
    }

    private static let common = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/pts/", "/dev/ptmx", "/dev/tty ",
        "/dev/shm/", "/dev/fuse", "/dev/kmsg", "/dev/log", "/dev/mqueue", "/dev/hugepages", "/dev/rtc", "/dev/autofs",
        "/dev/initctl", "/dev/console",
    ]

    /// Links that tell where something is and are never followed: what a process has open, what a storage daemon has.
    static func isTold(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == 4 && parts[0] == processes && parts[2] == "fd" || CephDaemons.isLink(path)
    }
}

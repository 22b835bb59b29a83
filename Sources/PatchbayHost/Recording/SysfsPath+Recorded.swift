/// What a recording takes: everything that any reader reads, in one place. A reader that reads something new adds it here;
/// a test compares what is read from a host and from its recording.
extension SysfsPath {
    static let recorded: [RecordRule] =
        system + buses + processesAndMounts + bootAndPrograms + platform + hostUses + [.holders]

    private static let system: [RecordRule] = [
        .walk("sys/devices/pci*"), .walk("sys/devices/platform"), .walk("sys/devices/css*"),
        .walk("sys/devices/LNXSYSTM:00"), .walk("sys/devices/system/cpu"), .walk("sys/devices/system/node"),
        .walk("sys/devices/virtual/block"), .walk("sys/devices/virtual/net"), .walk("sys/devices/virtual/dmi"),
        .walk("sys/devices/virtual/nvme-subsystem"), .walk("sys/devices/virtual/nvme-fabrics"),
        .walk("sys/devices/virtual/vtconsole"), .walk("sys/devices/virtual/iommu"), .walk("sys/devices/virtual/drm"),
        .walk("sys/kernel/iommu_groups"), .walk("sys/fs/btrfs"), .presence("sys/fs/bcachefs/*"),
        .bytes("sys/module/*vfio*/parameters/*"), .bytes("sys/module/kvm*/parameters/*"),
        .presence("sys/module/*vfio*"), .presence("sys/module/nvidia*"), .bytes("sys/module/nvidia*/version"),
        .presence("sys/module/kvm*"), .presence("sys/module/amdgpu"), .presence("sys/module/i915"),
        .presence("sys/module/xe"), .presence("sys/module/simpledrm"),
        .presence("sys/firmware/acpi/tables/*"), .reduced("sys/firmware/acpi/tables/DMAR", .head(48)),
        .presence("sys/firmware/efi"), .bytes("sys/firmware/efi/efivars/SecureBoot-*"),
        .bytes("sys/kernel/security/lockdown"),
    ]

    private static let buses: [RecordRule] =
        [
            "sys/bus/pci/devices", "sys/bus/pci/drivers", "sys/bus/pci/drivers/*", "sys/bus/usb/devices",
            "sys/bus/virtio/devices", "sys/bus/mdev/devices", "sys/bus/vmbus/devices", "sys/bus/scsi/devices",
            "sys/block", "sys/dev/block", "sys/class/block", "sys/class/net", "sys/class/nvme",
            "sys/class/nvme-subsystem", "sys/class/iommu", "sys/class/drm", "sys/class/mdev_bus",
            "sys/class/infiniband", "sys/class/scsi_host", "sys/class/scsi_generic", "sys/class/fc_host",
            "sys/class/iscsi_host", "sys/class/iscsi_session", "sys/class/iscsi_connection", "sys/class/vtconsole",
            "sys/class/graphics", "sys/class/dmi", "sys/class/input", "sys/class/hidraw", "sys/class/usbmisc",
            "sys/class/sound", "sys/class/tty", "sys/class/uio", "sys/class/vfio", "sys/class/vfio-dev",
            "sys/class/typec", "sys/class/video4linux", "sys/class/bluetooth", "sys/class/power_supply",
            "sys/class/mmc_host",
        ].map { .links($0) } + [.bytes("sys/bus/pci/slots/*/address")]

    private static let processesAndMounts: [RecordRule] =
        [
            "proc/cmdline", "proc/consoles", "proc/cpuinfo", "proc/interrupts", "proc/iomem", "proc/mdstat",
            "proc/meminfo", "proc/modules", "proc/swaps", "proc/sys/kernel/hostname", "proc/sys/kernel/osrelease",
            "proc/driver/nvidia/version", "proc/driver/nvidia/gpus/*/information", "proc/1/limits",
        ].map { .bytes($0) } + (mountInfo + mounts + routes + routes6).map { .bytes($0) }

    private static let bootAndPrograms: [RecordRule] = [
        .bytes("etc/hostname"), .bytes("etc/os-release"), .bytes("usr/lib/os-release"),
        .reduced("etc/default/grub", .settings), .reduced("etc/default/grub.d/*.cfg", .settings),
        .bytes("etc/kernel/cmdline"), .bytes("usr/lib/kernel/cmdline"),
        .reduced("boot/loader/entries/*.conf", .settings), .reduced("boot/efi/loader/entries/*.conf", .settings),
        .reduced("efi/loader/entries/*.conf", .settings), .presence("boot/loader/loader.conf"),
        .presence("boot/efi/loader/loader.conf"), .presence("efi/loader/loader.conf"),
        .reduced("etc/modprobe.d/*.conf", .settings), .reduced("lib/modprobe.d/*.conf", .settings),
        .reduced("usr/lib/modprobe.d/*.conf", .settings), .reduced("run/modprobe.d/*.conf", .settings),
        .bytes("etc/driverctl.d/*"),
        .reduced("lib/modules/*/modules.builtin", .lines(containing: ["vfio"])),
        .reduced("lib/modules/*/modules.alias", .lines(containing: ["vfio_pci:"])),
        .presence("lib/modules/*/kernel/drivers/vfio/*"), .presence("lib/modules/*/kernel/drivers/vfio/*/*"),
        .presence("dev/iommu"), .presence("dev/kvm"), .presence("dev/vfio/*"), .presence("dev/vfio/devices/*"),
        .bytes("usr/share/qemu/firmware/*.json"), .presence("usr/share/OVMF/*"), .presence("usr/share/ovmf/*"),
        .presence("usr/share/edk2/*/*"), .presence("usr/share/AAVMF/*"),
        .reduced(
            "var/lib/dpkg/status",
            .packages(["qemu-system-*", "qemu-kvm", "libvirt-daemon*", "libvirt0", "ovmf", "pve-qemu-kvm"])),
    ]

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
        bAlternateSetting connect_type maxchild interface
        dev size ro hidden partition start level array_state raid_disks metadata_version backing_file uuid
        wwid nguid eui model rev state transport address cntlid subsysnqn firmware_rev iopolicy metadata_uuid
        addr_len operstate carrier flags mtu ifindex iflink dev_port dev_id addr_assign_type phys_port_name
        phys_switch_id slaves active_slave mode mii_status bridge_id status enabled tun_flags
        persistent_address iface_name iscsi_state targetname
        cpulist distance meminfo hugepages nr_hugepages free_hugepages surplus_hugepages online present possible
        isolated nohz_full physical_package_id core_id die_id thread_siblings_list core_cpus_list
        sys_vendor product_name board_vendor board_name bios_vendor bios_version chassis_type bind
        node_type active line iomem_base port report_descriptor
        """.split(whereSeparator: \.isWhitespace).map { String($0) })

    /// Directories and links that no reader looks at, and that hold thousands of entries or counters.
    static func isLeftOut(_ name: String, in directory: String) -> Bool {
        if leftOut.contains(name) || name.hasPrefix("supplier:") || name.hasPrefix("consumer:") { return true }
        guard directory.hasPrefix("sys/devices/system/") else { return false }
        return name.hasPrefix("memory")
    }

    private static let leftOut: Set<String> = [
        "power", "statistics", "queues", "msi_irqs", "firmware_node", "of_node", "cache", "cpufreq", "cpuidle",
        "microcode", "thermal_throttle", "hotplug", "crash_hotplug", "acpi_cppc", "physical_node", "wakeup", "mq",
        "integrity", "trace", "hwmon", "thermal_cooling", "bsg", "ptp", "pps", "i2c-dev", "leds", "firmware",
        "vulnerabilities", "smt", "hwmon0", "hwmon1", "devcoredump", "error_counters", "gt", "metrics", "engine",
        "ports",
        "rom", "remove", "rescan", "reset", "vpd",
    ]

    /// Where a process that holds a device has a link to.
    static func isHeldNode(_ target: String) -> Bool {
        heldNodes.contains { target.hasPrefix($0) }
    }

    private static let heldNodes = [
        "/dev/vfio/", "/dev/iommu", "/dev/nvidia", "/dev/dri/", "/dev/nvme", "/dev/snd/", "/dev/infiniband/",
        "/dev/kfd", "/dev/uio", "/dev/bus/usb/", "/dev/hidraw", "/dev/input/", "/dev/sd", "/dev/sg", "/dev/ng",
        "/dev/dm-", "/dev/md", "/dev/mmcblk", "/dev/vd", "/dev/loop", "/dev/ttyS", "/dev/ttyUSB", "/dev/ttyACM",
        "/dev/video", "/dev/mei", "/dev/watchdog", "/dev/accel/", "/dev/ve",
    ]
}

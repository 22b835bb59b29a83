/// Every path that Patchbay reads or writes below a root directory, relative to it. No other file has a path literal.
///
/// The root is `/` on a live host, or the top of a recorded tree. Sources: `Documentation/ABI/testing/sysfs-bus-pci`,
/// `sysfs-kernel-iommu_groups`, `sysfs-devices-node`, `sysfs-class-net`, `Documentation/filesystems/proc.rst`.
package enum SysfsPath {
    static let sys = "sys"

    // PCI
    static let pciDevices = "sys/bus/pci/devices"
    static let pciSlots = "sys/bus/pci/slots"
    static let pciDrivers = "sys/bus/pci/drivers"
    static let pciDriversProbe = "sys/bus/pci/drivers_probe"
    static let vfioDriver = "sys/bus/pci/drivers/vfio-pci"

    // IOMMU
    static let firmwareTables = "sys/firmware/acpi/tables"
    static let iommuUnits = "sys/class/iommu"
    static let iommuGroups = "sys/kernel/iommu_groups"
    static let modules = "sys/module"

    // Host
    static let numaNodes = "sys/devices/system/node"
    static let onlineCPUs = "sys/devices/system/cpu/online"
    static let hostname = "proc/sys/kernel/hostname"
    static let hostnameFile = "etc/hostname"
    static let kernelRelease = "proc/sys/kernel/osrelease"
    static let commandLine = "proc/cmdline"
    static let memory = "proc/meminfo"
    static let memoryMap = "proc/iomem"
    static let cpus = "proc/cpuinfo"
    static let distribution = "etc/os-release"
    static let vendorDistribution = "usr/lib/os-release"
    static let kernelModules = "lib/modules"

    // Storage
    static let blockClass = "sys/class/block"
    static let blockDevices = "sys/block"
    static let blockByNumber = "sys/dev/block"
    static let nvmeClass = "sys/class/nvme"
    static let nvmeSubsystems = "sys/class/nvme-subsystem"
    static let btrfs = "sys/fs/btrfs"
    static let virtioDevices = "sys/bus/virtio/devices"
    static let devices = "sys/devices"
    /// In the order of trust: the mounts of process 1, of this process, and what older recordings hold.
    static let mountInfo = ["proc/1/mountinfo", "proc/self/mountinfo"]
    static let mounts = ["proc/1/mounts", "proc/self/mounts", "proc/mounts"]
    static let swaps = "proc/swaps"
    static let arrays = "proc/mdstat"
    /// Of the driver that NonRAID has beside the kernel's.
    static let otherArrays = "proc/nmdstat"
    static let bcache = "sys/fs/bcache"

    // Network
    static let netClass = "sys/class/net"
    static let routes = ["proc/1/net/route", "proc/self/net/route", "proc/net/route"]
    static let routeTries = ["proc/1/net/fib_trie", "proc/self/net/fib_trie", "proc/net/fib_trie"]
    static let routes6 = ["proc/1/net/ipv6_route", "proc/self/net/ipv6_route", "proc/net/ipv6_route"]

    static let tcp = ["proc/1/net/tcp", "proc/self/net/tcp", "proc/net/tcp"]
    static let tcp6 = ["proc/1/net/tcp6", "proc/self/net/tcp6", "proc/net/tcp6"]
    /// Ours, in recorded trees: the routes of all tables as `pb_routes` writes them, which no file of the kernel shows.
    package static let recordedRoutes = "run/patchbay/routes"
    /// Ours, in recorded trees: the rules that choose a table, as `pb_rules` writes them.
    static let recordedRules = "run/patchbay/rules"
    /// Ours, in recorded trees: a line of `pb_link` for each virtual interface.
    static let recordedLinks = "run/patchbay/links"
    /// Ours, in recorded trees: the functions in the NVMe Boot Firmware Table, which holds names and addresses as well.
    static let recordedBootCards = "run/patchbay/boot-cards"
    static let iscsiBoot = "sys/firmware/ibft"
    static let virtualInterfaces = "sys/devices/virtual/net"
    /// PPPoE connections of the kernel, with the port of each; VLANs, with the interface of each.
    static let pppoe = ["proc/1/net/pppoe", "proc/self/net/pppoe", "proc/net/pppoe"]
    static let vlans = ["proc/1/net/vlan/config", "proc/self/net/vlan/config", "proc/net/vlan/config"]
    /// Sockets of packet(7), each with its protocol and interface.
    static let packetSockets = ["proc/1/net/packet", "proc/self/net/packet", "proc/net/packet"]
    /// The interfaces of tun(4) are opened by this node.
    static let tunNode = "/dev/net/tun"
    /// Before the name of the interface in `proc/<pid>/fdinfo/<fd>` of such a node.
    static let tunKey = "iff:"
    /// With the number of a macvtap interface behind it.
    static let tapNodes = "/dev/tap"
    static let uioNodes = "/dev/uio"
    static let pppNode = "/dev/ppp"
    static let serialNodes = "/dev/tty"
    static let networkNamespace = "ns/net"
    static let sshDaemon = "etc/ssh/sshd_config"
    static let sshDaemonParts = "etc/ssh/sshd_config.d"
    static let iscsiConnections = "sys/class/iscsi_connection"
    static let infiniband = "sys/class/infiniband"

    // Console and display
    static let consoles = "proc/consoles"
    static let terminals = "sys/class/tty"
    static let framebuffers = "sys/class/graphics"
    static let virtualConsoles = "sys/class/vtconsole"
    static let displays = "sys/class/drm"

    // USB
    /// PS/2 ports.
    static let serioDevices = "sys/bus/serio/devices"

    // What is on disks
    static let udevData = "run/udev/data"
    static let zfsPools = "proc/spl/kstat/zfs"
    static let bcachefs = "sys/fs/bcachefs"
    static let fileSystemTable = "etc/fstab"
    /// EFI variables: `NAME-VENDOR`. Both are the same on every machine (UEFI Specification, section 8.2).
    static let firmwareVariables = "sys/firmware/efi/efivars/"
    static let loaderPartition =
        "sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
    /// Where the loader, and the image that it started, came from.
    static let loaderPartitions = [
        loaderPartition, "sys/firmware/efi/efivars/StubDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
    ]
    /// Numbers of boot entries (UEFI Specification, section 3.3).
    static let bootCurrent = "sys/firmware/efi/efivars/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    static let bootOrder = "sys/firmware/efi/efivars/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    /// `Boot0003`
    static func bootEntry(_ number: String) -> String {
        "sys/firmware/efi/efivars/Boot\(number)-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    }
    static let firstBIOSDisk = "sys/firmware/edd/int13_dev80/pci_dev"
    static let crashKernelLoaded = "sys/kernel/kexec_crash_loaded"
    static let crashDumpFiles = ["etc/kdump.conf", "etc/default/kdump-tools", "etc/sysconfig/kdump"]
    /// Directories of Ceph's storage daemons: of packages and Proxmox, of cephadm, of Rook, of MicroCeph.
    static let cephDaemons = [
        "var/lib/ceph/osd/*", "var/lib/ceph/*/osd.*", "var/lib/rook/*", "var/lib/rook/*/*",
        "var/snap/microceph/common/data/osd/*",
    ]
    /// What ZFS imports at the next boot, and has imported now: an XDR list of names and values.
    static let poolCaches = ["etc/zfs/zpool.cache", "data/zfs/zpool.cache"]
    /// Ours, in recorded trees: the devices of pools as `ZFSPoolCache` read them, which is nothing to record as it is.
    static let recordedPools = "run/patchbay/pools"
    /// Ours, in recorded trees: what `ServedStorage` found, each with its device by the kernel's name.
    static let recordedServices = "run/patchbay/services"
    /// Physical volumes that LVM has seen: `8:16`, `vg:data`.
    static let physicalVolumes = "run/lvm/pvs_online"
    /// LVM's own record of each group, with the UUIDs of its physical volumes.
    static let volumeGroups = "etc/lvm/backup"
    static let kernelTargets = "sys/kernel/config/target/core"
    static let nvmeTargets = "sys/kernel/config/nvmet/subsystems"
    static let scstDevices = "sys/kernel/scst_tgt/devices"
    static let scsiDevices = "sys/bus/scsi/devices"
    /// Whose nodes pass commands to a device of SCSI: `sg3`, `nst0`, `sch0`.
    static let scsiNodes = ["sys/class/scsi_generic", "sys/class/scsi_tape", "sys/class/scsi_changer"]
    static let xenBackends = "sys/bus/xen-backend/devices"
    /// Resources of DRBD, written by people and by LINSTOR.
    static let replicaFile = "etc/drbd.conf"
    static let replicaFolders = ["etc/drbd.d", "var/lib/linstor.d"]
    static let encryptedTable = "etc/crypttab"
    /// The number of the device that the kernel resumes from.
    static let resumeDevice = "sys/power/resume"
    static let initramfsResume = "etc/initramfs-tools/conf.d/resume"
    /// libvirt's running and defined guests.
    static let runningGuests = "run/libvirt/qemu"
    static let definedGuests = "etc/libvirt/qemu"

    // Memory encryption of guests (AMD SEV)
    static let memoryEncryption = "sys/module/kvm_amd/parameters/sev"

    // Accelerators, and memory on cards (CXL)
    static let dmaChannels = "sys/class/dma"
    static let workQueues = "sys/bus/dsa/devices"
    static let memoryDevices = "sys/bus/cxl/devices"
    static let directMemory = "sys/bus/dax/devices"

    // Who holds a device
    static let processes = "proc"
    static let classes = "sys/class"
    static let vfioDevices = "vfio-dev"
    static let nvidiaCards = "proc/driver/nvidia/gpus"

    /// The lists of PCI names of the machine this runs on; the first that exists is used.
    static let pciNames = ["/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids", "/usr/share/pci.ids"]
    /// Where `modprobe` is looked for.
    static let modprobe = ["/usr/sbin/modprobe", "/sbin/modprobe", "/usr/bin/modprobe", "/bin/modprobe"]
    /// Where VFIO's device nodes are: a link of a process that begins like this holds a device.
    static let vfioNodes = "/dev/vfio/"
    static let deviceNodes = "/dev/"
    static let mappedNodes = "/dev/mapper/"
    /// ZFS volumes, by pool: `/dev/zvol/tank/vm-100`.
    static let zfsVolumes = "/dev/zvol/"
    static let nodesByTag = [
        "UUID": "dev/disk/by-uuid", "LABEL": "dev/disk/by-label", "PARTUUID": "dev/disk/by-partuuid",
        "PARTLABEL": "dev/disk/by-partlabel",
    ]

    static func pciDevice(_ address: String) -> String { "\(pciDevices)/\(address)" }
    static func pciDriver(_ name: String) -> String { "\(pciDrivers)/\(name)" }
    static func iommuGroup(_ number: String) -> String { "\(iommuGroups)/\(number)" }
    static func reservedRegions(of group: String) -> String { "\(iommuGroup(group))/reserved_regions" }
    static func pciSlotAddress(_ name: String) -> String { "\(pciSlots)/\(name)/address" }
    /// Only where the slot's power can be switched.
    static func pciSlotPower(_ name: String) -> String { "\(pciSlots)/\(name)/power" }
    static func netInterface(_ name: String) -> String { "\(netClass)/\(name)" }
    static func numaNode(_ name: String) -> String { "\(numaNodes)/\(name)" }
}

extension SysfsPath {
    /// What is neither of the kernel's nor a device node, and tells what the host needs or can do: to find it unreadable is not to find it
    /// gone.
    private static let ofVerdicts =
        [
            fileSystemTable, udevData, runningGuests, definedGuests, sshDaemon, sshDaemonParts, kernelModules,
            recordedRoutes, recordedRules, recordedLinks, recordedBootCards, recordedNetworks, recordedGaps,
            mediatedDefinitions, "var/lib/ceph", "var/lib/rook", "var/snap/microceph", recordedPools,
            recordedServices, physicalVolumes, volumeGroups, encryptedTable,
        ] + crashDumpFiles + poolCaches + replicaFolders + [replicaFile]

    /// Whether something is decided by what is there; everything else is only told.
    static func isOfVerdicts(_ path: String) -> Bool {
        ["sys", "proc", "dev"].contains { path == $0 || path.hasPrefix($0 + "/") }
            || ofVerdicts.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}

extension SysfsPath {
    /// Attributes of a PCI function, relative to its directory.
    enum Function {
        static let modalias = "modalias"
        static let vendor = "vendor"
        static let device = "device"
        static let subsystemVendor = "subsystem_vendor"
        static let subsystemDevice = "subsystem_device"
        static let deviceClass = "class"
        static let revision = "revision"
        static let config = "config"
        static let resource = "resource"
        static let numaNode = "numa_node"
        static let localCPUs = "local_cpulist"
        static let driver = "driver"
        static let driverOverride = "driver_override"
        static let resetMethod = "reset_method"
        static let iommuGroup = "iommu_group"
        static let bootVGA = "boot_vga"
        static let parent = "physfn"
        static let totalVFs = "sriov_totalvfs"
        static let activeVFs = "sriov_numvfs"
        static let currentLinkSpeed = "current_link_speed"
        static let currentLinkWidth = "current_link_width"
        static let maxLinkSpeed = "max_link_speed"
        static let maxLinkWidth = "max_link_width"
        static let powerState = "power_state"
        static let runtimeStatus = "power/runtime_status"
        static let label = "label"
        static let acpiIndex = "acpi_index"
        static let index = "index"
        static let correctableErrors = "aer_dev_correctable"
        static let nonfatalErrors = "aer_dev_nonfatal"
        static let fatalErrors = "aer_dev_fatal"
        static let vpd = "vpd"
        static let rom = "rom"
        static let nvme = "nvme"
        static let net = "net"
        /// What is read from the device itself, and wakes it.
        static func wakes(_ name: String) -> Bool {
            [config, vpd, currentLinkSpeed, currentLinkWidth, maxLinkSpeed, maxLinkWidth].contains(name)
        }
        static func virtualFunction(_ index: Int) -> String { "virtfn\(index)" }
    }
}

extension SysfsPath {
    /// Attributes of a network interface, relative to its directory.
    enum Interface {
        static let address = "address"
        static let addressType = "addr_assign_type"
        static let event = "uevent"
        /// IFF_* of `include/uapi/linux/if.h`.
        static let flags = "flags"
        /// ARPHRD_* of `include/uapi/linux/if_arp.h`.
        static let hardwareType = "type"
        /// IFF_TUN, IFF_TAP and others of `include/uapi/linux/if_tun.h`: only interfaces of tun(4) have it.
        static let tunFlags = "tun_flags"
        static let number = "ifindex"
        /// The number of the interface below, or of the other end of a pair; its own where there is none.
        static let linkNumber = "iflink"
        /// What a bond keeps of its member.
        static let permanentAddress = "bonding_slave/perm_hwaddr"
    }
}

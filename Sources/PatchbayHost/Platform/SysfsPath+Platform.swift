/// Sources: `Documentation/ABI/stable/sysfs-devices-node`, `Documentation/ABI/stable/sysfs-devices-system-cpu`,
/// `Documentation/ABI/testing/sysfs-firmware-efi`, `Documentation/filesystems/proc.rst`; for boot loaders the tools' own
/// manuals: grub-mkconfig(8), grubby(8), kernel-install(8), rpm-ostree(1), and the Boot Loader Specification.
extension SysfsPath {
    // Processors and memory
    static let cpuDevices = "sys/devices/system/cpu"
    static let isolatedCPUs = "sys/devices/system/cpu/isolated"
    static let nohzFullCPUs = "sys/devices/system/cpu/nohz_full"
    /// CPUs of the slower kind, where a machine has two kinds.
    static let efficiencyCPUs = "sys/devices/cpu_atom/cpus"
    static let interrupts = "proc/interrupts"
    /// What uname(1) calls the machine; from Linux 6.1 on.
    static let architecture = "proc/sys/kernel/arch"
    /// Mainframes: what the machine and its hypervisors are.
    static let systemInformation = "proc/sysinfo"
    static let kvm = "dev/kvm"
    static let xenCapabilities = "proc/xen/capabilities"
    static let hypervisorKind = "sys/hypervisor/type"
    static let xenFeatures = "sys/hypervisor/properties/features"
    static let virtualBus = "sys/bus/vmbus/devices"

    // Firmware
    static let board = "sys/class/dmi/id"
    static let firmware = "sys/firmware"
    static let efi = "sys/firmware/efi"
    /// An attribute word of four bytes, then the value: 1 is on. UEFI 2.10, section 3.3.
    static let secureBoot = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    /// What the loader calls itself, in UTF-16. Boot Loader Interface.
    static let loaderName = "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
    /// Left by systemd-stub, the program at the front of a unified kernel image.
    static let stubName = "sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
    static let lockdown = "sys/kernel/security/lockdown"
    static let remappingTable = "sys/firmware/acpi/tables/DMAR"

    // Boot
    static let ostreeMark = "run/ostree-booted"
    static let proxmoxPartitions = "etc/kernel/proxmox-boot-uuids"
    static let kernelCommandLineFile = "etc/kernel/cmdline"
    /// Parts of the command line of a unified image that mkinitcpio makes.
    static let kernelCommandLineParts = "etc/cmdline.d"
    static let unifiedImages = ["boot/efi/EFI/Linux", "efi/EFI/Linux", "boot/EFI/Linux"]
    static let grubDefaults = "etc/default/grub"
    static let grubDefaultsFolder = "etc/default/grub.d"
    static let grubFolders = ["boot/grub", "boot/grub2", "boot/efi/EFI/grub"]
    static let grubEnvironments = ["boot/grub2/grubenv", "boot/grub/grubenv"]
    static let bootEntries = ["boot/loader/entries", "efi/loader/entries", "boot/efi/loader/entries"]
    static let loaderSettings = ["boot/loader/loader.conf", "efi/loader/loader.conf", "boot/efi/loader/loader.conf"]
    static let grubby = ["usr/sbin/grubby", "sbin/grubby", "usr/bin/grubby"]
    static let limineFiles = [
        "etc/default/limine", "boot/limine.conf", "boot/limine/limine.conf", "boot/EFI/limine/limine.conf",
        "efi/limine.conf", "efi/EFI/limine/limine.conf", "boot/efi/EFI/limine/limine.conf",
    ]
    static let refindFile = "boot/refind_linux.conf"
    static let cloverFiles = [
        "boot/efi/EFI/CLOVER/config.plist", "efi/EFI/CLOVER/config.plist", "boot/EFI/CLOVER/config.plist",
    ]
    static let extlinuxFiles = [
        "etc/update-extlinux.conf", "etc/default/u-boot", "boot/extlinux/extlinux.conf", "boot/syslinux/syslinux.cfg",
    ]
    static let boardFiles = ["boot/firmware/cmdline.txt", "boot/armbianEnv.txt", "boot/cmdline.txt"]
    static let ziplFile = "etc/zipl.conf"
    static let flatcarFiles = ["oem/grub.cfg", "usr/share/oem/grub.cfg"]
    /// All of these hold kernel parameters.
    static let loaderFiles = Set(limineFiles + extlinuxFiles + boardFiles + flatcarFiles + [refindFile, ziplFile])
    static let harvesterMarks = ["oem/harvester.config", "oem/grubenv"]
    static let oemEnvironments = ["run/elemental/efi/grub_oem_env", "run/initramfs/cos-state/grub_oem_env"]
    static let kernelstub = "etc/kernelstub/configuration"
    static let zfsBootMenuMarks = [
        "etc/zfsbootmenu/config.yaml", "boot/efi/EFI/ZBM", "boot/efi/EFI/zbm", "boot/efi/EFI/zfsbootmenu",
        "efi/EFI/ZBM",
    ]
    static let unraidMark = "etc/unraid-version"
    /// Programs that tell how a system's boot settings are made.
    static let rpmOSTree = "usr/bin/rpm-ostree"
    static let ostreeProgram = "usr/bin/ostree"
    static let bootc = "usr/bin/bootc"
    static let truenasMarks = ["usr/bin/midclt", "etc/default/grub.d/truenas.cfg"]
    static let sdbootutil = "usr/bin/sdbootutil"
    static let clearBootManager = "usr/bin/clr-boot-manager"
    static let xenCommandLine = "opt/xensource/libexec/xen-cmdline"
    /// In the order of precedence: a file hides those of its name that come later (modprobe.d(5)).
    static let moduleOptions = ["etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"]

    /// Where people write lines of modprobe.d, and nothing reads them: a file of former times, and lists of modules.
    static let misplacedOptions = ["etc/modprobe.conf", "etc/modules"]
    static let moduleLists = "etc/modules-load.d"

    // VFIO
    static let loadedModules = "proc/modules"
    static let iommufd = ["dev/iommu", "sys/class/misc/iommu"]

    // Programs
    /// Where programs of this machine are looked for.
    static let programs = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/libexec"]
    static let dpkgStatus = "var/lib/dpkg/status"
    static let firmwareDescriptors = ["etc/qemu/firmware", "usr/share/qemu/firmware"]
    static let firmwareImages = [
        "usr/share/OVMF", "usr/share/AAVMF", "usr/share/edk2/ovmf", "usr/share/edk2/x64", "usr/share/edk2/aarch64",
        "usr/share/edk2-ovmf", "usr/share/pve-edk2-firmware", "usr/share/qemu",
    ]

    // systemd
    static let unitGroups = [
        "sys/fs/cgroup/system.slice", "sys/fs/cgroup/systemd/system.slice", "sys/fs/cgroup/unified/system.slice",
    ]
    static let unitFiles = [
        "etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system",
    ]
    static let driverctl = "etc/driverctl.d"

    /// UEFI 2.10, section 3.3: the number of the entry that was started, and the entries by number.
    static let firmwareBootCurrent = "sys/firmware/efi/efivars/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    static func firmwareBootEntry(_ number: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "sys/firmware/efi/efivars/Boot\(name)-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    }

    static func cpu(_ number: Int) -> String { "\(cpuDevices)/cpu\(number)" }
    static func moduleParameters(_ module: String) -> String { "\(modules)/\(module)/parameters" }
    static func moduleVersion(_ module: String) -> String { "\(modules)/\(module)/version" }
    static func moduleAliases(_ release: String) -> String { "\(kernelModules)/\(release)/modules.alias" }
    static func process(_ number: String, _ file: String) -> String { "\(processes)/\(number)/\(file)" }
}

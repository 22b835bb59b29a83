/// How the host boots, and what its boot loader is told against what the kernel was started with.
package struct BootFacts: Hashable, Codable, Sendable {
    /// How a system makes the settings that its kernel is started with. What is done with each is in `BootRecipe`.
    package enum Loader: String, Codable, Sendable, CaseIterable {
        /// `/etc/default/grub`, `update-grub` or `grub2-mkconfig`.
        case grub
        /// Boot loader specification entries, changed by `grubby`.
        case bls
        /// `/etc/kernel/cmdline`, `kernel-install`.
        case systemdBoot = "systemd-boot"
        /// `/etc/kernel/cmdline`, `proxmox-boot-tool refresh`.
        case proxmoxBoot = "proxmox-boot"
        /// `/etc/default/grub`, `update-bootloader --refresh`.
        case suse
        /// `/etc/kernel/cmdline`, `sdbootutil update-all-entries`.
        case sdbootutil
        /// A read-only root that is replaced as a whole: `/etc/default/grub`, `transactional-update grub.cfg`.
        case transactional = "transactional-update"
        /// `rpm-ostree kargs`.
        case ostree
        /// ostree without rpm-ostree: `ostree admin kargs`.
        case plainOSTree = "plain-ostree"
        /// An image with bootc and without rpm-ostree: `kargs.d` in the image.
        case bootc
        /// The command line is inside a unified kernel image, with the kernel.
        case unifiedImage = "uki"
        /// `/etc/default/limine`, or `limine.conf`.
        case limine
        /// `refind_linux.conf`.
        case refind
        /// `config.plist`.
        case clover
        /// `kernelstub`, as Pop!_OS has it.
        case kernelstub
        /// `/etc/kernel/cmdline.d`, `clr-boot-manager`, as Clear Linux and Solus have it.
        case clearBoot = "clr-boot-manager"
        /// A property of the root file system's dataset, which ZFSBootMenu reads.
        case zfsBootMenu = "zfsbootmenu"
        /// `/etc/zipl.conf`, or entries, and `zipl`: mainframes.
        case zipl
        /// SYSLINUX's or U-Boot's `extlinux.conf`.
        case extlinux
        /// The command line in a file of a board's firmware: Raspberry Pi, Armbian.
        case boardFile = "board-file"
        /// Made from `boot.kernelParams`.
        case nixos
        /// Made from `kernel-arguments`.
        case guix
        /// `third_party_kernel_args` in `/oem/grubenv`.
        case harvester
        /// `extra_cmdline` in `grub_oem_env`: Elemental, Kairos.
        case elemental
        /// The machine configuration, or the image.
        case talos
        /// `kernel_extra_options` of TrueNAS's own settings.
        case truenas
        /// `linux_append` in `/oem/grub.cfg`.
        case flatcar
        /// A signed image whose command line is fixed.
        case incusOS = "incus-os"
        /// `/etc/default/grub` on a root that updates replace.
        case steamOS = "steam-os"
        /// `syslinux.cfg` on the USB stick.
        case unraid
        /// `settings.boot.kernel-parameters`.
        case bottlerocket
        /// `xen-cmdline`: XCP-ng, XenServer.
        case xenServer = "xen-server"
    }
    /// Whether something else than GRUB starts the host, so that GRUB's files do nothing.
    package var passesOverGRUB: Bool {
        let others: [Loader?] = [
            .proxmoxBoot, .systemdBoot, .sdbootutil, .unifiedImage, .limine, .refind, .kernelstub, .clearBoot,
            .zfsBootMenu,
        ]
        return others.contains(loader)
    }
    /// `ID` of `/etc/os-release`.
    package var distribution: String?
    /// `ID_LIKE`.
    package var distributionFamily: [String]
    /// nil: cannot be told.
    package var loader: Loader?
    /// The file that the loader's parameters were read from.
    package var configurationFile: String?
    /// The parameters that the next boot is configured with; nil: not readable. What was asked for.
    package var configured: [String]?
    /// `/proc/cmdline` split into parameters; nil: not readable. What took effect.
    package var running: [String]?
    /// Options of `/etc/modprobe.d` and `/lib/modprobe.d` about vfio and vendor drivers, as written.
    package var moduleOptions: [String]
    /// Where parameters and module options stand; nil: not read.
    package var settings: [SettingLine]?
    /// Lines with parameters that nothing reads: in GRUB's files where something else starts the host, in files of other
    /// names, and such as later lines replace. nil: none, or not read.
    package var unread: [SettingLine]?
    /// Who else writes the loader's file, or why a change to it would be lost, and where it is made instead: sentences. nil:
    /// nothing tells of it.
    package var owner: String?
    /// True where the program that changes entries is missing (`bls`); nil otherwise.
    package var lacksGrubby: Bool?
    package var isUEFI: Bool?
    package var isSecureBoot: Bool?
    /// `lockdown` of the kernel: none, integrity, confidentiality.
    package var lockdown: String?

    package init(
        distribution: String? = nil, distributionFamily: [String] = [], loader: Loader? = nil,
        configurationFile: String? = nil, configured: [String]? = nil, running: [String]? = nil,
        moduleOptions: [String] = [], settings: [SettingLine]? = nil, unread: [SettingLine]? = nil,
        owner: String? = nil, lacksGrubby: Bool? = nil, isUEFI: Bool? = nil,
        isSecureBoot: Bool? = nil, lockdown: String? = nil
    ) {
        self.distribution = distribution
        self.distributionFamily = distributionFamily
        self.loader = loader
        self.configurationFile = configurationFile
        self.configured = configured
        self.running = running
        self.moduleOptions = moduleOptions
        self.settings = settings
        self.unread = unread
        self.owner = owner
        self.lacksGrubby = lacksGrubby
        self.isUEFI = isUEFI
        self.isSecureBoot = isSecureBoot
        self.lockdown = lockdown
    }
}

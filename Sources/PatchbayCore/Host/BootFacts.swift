/// How the host boots, and what its boot loader is told against what the kernel was started with.
package struct BootFacts: Hashable, Codable, Sendable {
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
        /// `rpm-ostree kargs`.
        case ostree
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
    package var isUEFI: Bool?
    package var isSecureBoot: Bool?
    /// `lockdown` of the kernel: none, integrity, confidentiality.
    package var lockdown: String?

    package init(
        distribution: String? = nil, distributionFamily: [String] = [], loader: Loader? = nil,
        configurationFile: String? = nil, configured: [String]? = nil, running: [String]? = nil,
        moduleOptions: [String] = [], isUEFI: Bool? = nil, isSecureBoot: Bool? = nil, lockdown: String? = nil
    ) {
        self.distribution = distribution
        self.distributionFamily = distributionFamily
        self.loader = loader
        self.configurationFile = configurationFile
        self.configured = configured
        self.running = running
        self.moduleOptions = moduleOptions
        self.isUEFI = isUEFI
        self.isSecureBoot = isSecureBoot
        self.lockdown = lockdown
    }
}

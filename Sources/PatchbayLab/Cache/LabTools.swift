import PatchbayCore

/// The programs of this machine that the lab needs; emulated hosts use them too, over their share of its root.
enum LabTools {
    /// Program and the Debian package it comes in.
    static let needed: [(program: String, package: String)] = [
        ("apt-get", "apt"), ("dpkg-deb", "dpkg"), ("gcc", "gcc"), ("strip", "binutils"), ("depmod", "kmod"),
        ("mkfs.ext4", "e2fsprogs"), ("udevadm", "udev"), ("ip", "iproute2"), ("nvme", "nvme-cli"),
        ("qemu-system-x86_64", "qemu-system-x86"), ("libvirtd", "libvirt-daemon-system"),
        ("virsh", "libvirt-clients"), ("bash", "bash"),
    ]

    /// Throws `.failed` with the line that installs what is missing.
    static func check() throws(Problem) {
        let missing = needed.filter { Tool.path(of: $0.program) == nil }
        guard !missing.isEmpty else { return }
        throw Problem(
            .failed, "The lab needs programs that are not on this machine.",
            evidence: missing.map { "\($0.program), from the package \($0.package)" },
            next: ["apt-get install --no-install-recommends \(missing.map(\.package).joined(separator: " "))"])
    }
}

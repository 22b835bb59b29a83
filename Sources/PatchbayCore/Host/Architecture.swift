/// The processor architecture of a host, in the words of uname(1).
package enum Architecture: String, Codable, Sendable, CaseIterable {
    case x86 = "x86_64"
    case arm = "aarch64"
    case power = "ppc64le"
    case mainframe = "s390x"
    case riscv = "riscv64"
    case loongarch = "loongarch64"

    /// `i686` is x86, `ppc64` is POWER. nil: none that is known.
    package init?(machine name: some StringProtocol) {
        switch name {
        case "x86_64", "amd64", "i386", "i486", "i586", "i686": self = .x86
        case "ppc64le", "ppc64el", "ppc64", "ppc": self = .power
        case "s390x", "s390": self = .mainframe
        case _ where name.hasPrefix("aarch64") || name.hasPrefix("arm"): self = .arm
        case _ where name.hasPrefix("riscv"): self = .riscv
        case _ where name.hasPrefix("loongarch"): self = .loongarch
        default: return nil
        }
    }

    /// By the maker of a bridge on a root bus, where nothing else tells: hardly any maker builds root ports for several
    /// architectures. Ids from `pci.ids`. nil: not told by it.
    package init?(rootBridge vendor: UInt16) {
        switch vendor {
        // Intel, AMD, Hygon, Zhaoxin
        case 0x8086, 0x1022, 0x1d94, 0x1d17: self = .x86
        // Ampere, Arm, Cavium, HiSilicon, Qualcomm, Rockchip
        case 0x1def, 0x13b5, 0x177d, 0x19e5, 0x17cb, 0x1d87: self = .arm
        case 0x1014: self = .power
        case 0x0014: self = .loongarch
        default: return nil
        }
    }

    /// Whether Patchbay supports lending from hosts of this kind; others are read and shown.
    package var isSupported: Bool { self == .x86 }
}

/// Contents that no kernel would write, and some that it nearly does.
enum Garbage {
    private static let words = [
        "", "\n", "0", "1", "-1", "0x", "0xffffffffffffffffff", "99999999999999999999", "-9223372036854775808",
        "9223372036854775807", "18446744073709551615", "2147483648", "65536", "0xffff", "(null)", "0-", "5-2",
        "0-65535",
        "0-9999999999", ",,,", "1-2-3", "0-3,8-11", "/dev/sda1", "/dev/mapper/x", "/dev/root", "\0\0\0", "\u{feff}",
        "pci:v", "pci:v000010DEd000020B5sv000010DEsd00001533bc03sc02i00", "0000:00:00.0", "ffffffff:ff:1f.7",
        "10000:e1:00.0", "0000:41:00.8", "2.5 GT/s PCIe", "16.0 GT/s PCIe", "Unknown", "D3cold", "flr bus pm",
        "1 1 0:1 / / rw - ext4 /dev/nvme0n1p1 rw", "1 1 0:2 / / - overlay o lowerdir=/:/a,upperdir=",
        "1 1 253:0 / /x\\040y\\ rw shared:1 - btrfs /dev/dm-0 rw", "\\040", "\\", "\\9",
        "eth0\t00000000\t0\t3\t0\t0\t0\t00000000",
        "eth0", "bond0", "br0", "lo", "nvme0n1", "dm-0", "md0", "usb", "vfio-pci", "nvidia", "\u{e9}\u{301}", "🏳️‍🌈",
        "0x0 0x0", "0x0 0xffffffffffffffff 0x200", "0xffffffffffffffff 0x0 0x14220c", "MemTotal: -1 kB", "MemTotal:",
        "PRETTY_NAME=\"", "VERSION_ID='", "ID=", "isolcpus=0-", "intel_iommu=on",
        "amd_iommu=off iommu=pt vfio-pci.ids=",
        "default_hugepagesz=1G hugepages=", "GRUB_CMDLINE_LINUX=\"", "0000000000001000 00000000000fffff direct",
        "00fee00000 feefffff msi", "480", "1.5", "1-1.2.3.4.5.6.7", "3-0:1.0", "12:34", "08:00:27:00:00:00", "<x", "}{",
        "%s%n",
        "nvidia-35", "Available instances", "..", ".", "../../..", "//", " ", "\t",
    ]

    /// A whole new content.
    static func content(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(12) {
        case 0: return []
        case 1: return bytes(dice.below(80), &dice)
        case 2: return bytes([63, 64, 255, 256, 257, 4095, 4096, 4097][dice.below(8)], &dice)
        case 3: return [UInt8](repeating: UInt8(truncatingIfNeeded: dice.next()), count: dice.below(6000))
        case 4:
            let part = dice.pick(words) + dice.pick([" ", ",", "\n", "", ":"])
            return Array(String(repeating: part, count: dice.below(300)).utf8)
        case 5:
            let lines = (0..<dice.below(40)).map { _ in dice.pick(words) }
            return Array(lines.joined(separator: "\n").utf8)
        default:
            let separator: String = dice.pick([" ", "\t", ",", ":", ""])
            let some = (0...dice.below(3)).map { _ in dice.pick(words) }
            return Array((some.joined(separator: separator) + "\n").utf8)
        }
    }

    /// The content it had, damaged.
    static func damaged(_ original: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = original
        for _ in 0...dice.below(4) {
            let at = dice.below(bytes.count)
            switch dice.below(8) {
            case 0: bytes.removeSubrange(at...)
            case 1 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8(dice.below(8))
            case 2 where !bytes.isEmpty: bytes[at] = UInt8(truncatingIfNeeded: dice.next())
            case 3: bytes.insert(contentsOf: dice.pick(words).utf8, at: at)
            case 4 where !bytes.isEmpty:
                bytes.removeSubrange(at..<min(bytes.count, at + 1 + dice.below(8)))
            case 5: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + dice.below(200))], at: at)
            case 6 where !bytes.isEmpty: loopPointer(&bytes, at)
            default: replaceWord(&bytes, &dice)
            }
        }
        return bytes
    }

    /// A config space is linked by offsets: one that points back to itself, or to where nothing is.
    private static func loopPointer(_ bytes: inout [UInt8], _ at: Int) {
        let aligned = at & ~3
        if bytes.count > 0x34, at & 1 == 0 { bytes[0x34] = UInt8(truncatingIfNeeded: aligned) }
        if aligned + 1 < bytes.count { bytes[aligned + 1] = UInt8(truncatingIfNeeded: aligned) }
        if aligned >= 256, aligned + 3 < bytes.count {
            bytes[aligned + 2] = UInt8(truncatingIfNeeded: aligned << 4)
            bytes[aligned + 3] = UInt8(truncatingIfNeeded: aligned >> 4)
        }
    }

    /// One word of a text gives way to another.
    private static func replaceWord(_ bytes: inout [UInt8], _ dice: inout Dice) {
        let start = dice.below(bytes.count)
        let end = bytes[start...].firstIndex { $0 == 32 || $0 == 10 || $0 == 44 } ?? bytes.count
        bytes.replaceSubrange(start..<min(end, start + 64), with: dice.pick(words).utf8)
    }

    private static func bytes(_ count: Int, _ dice: inout Dice) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
    }

    /// A name as nobody gives one: not UTF-8, as long as can be, nearly an address.
    static func name(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(10) {
        case 0: return [0xff, 0xfe, 0x80]
        case 1: return Array("0000:01:00.0".utf8) + [0xc3]
        case 2: return [UInt8](repeating: 0x61, count: 255)
        case 3: return Array("a\nb\t\"'\\ ".utf8)
        case 4:
            return Array(
                "\(String(dice.next() & 0xffff_ffff, radix: 16)):\(hex(&dice)):\(hex(&dice)).\(dice.below(10))".utf8)
        case 5: return Array("ffffffff:ff:1f.7".utf8)
        case 6: return Array("fffffffff:00:00.0".utf8)
        case 7:
            return Array(dice.pick(["node", "cpu", "usb", "nvme", "dm-", "md", "eth", "1-", "virtfn", "Package"]).utf8)
                + Array(dice.pick(["0", "99999999999999999999", "-1", "1.1.1.1.1.1.1.1", "65536", "x", ""]).utf8)
        default:
            let count = 1 + dice.below(12)
            return (0..<count).map { _ in [UInt8](Array("0123456789abcdef:.-_nvme".utf8))[dice.below(24)] }
                .map { $0 == 0 ? 0x30 : $0 }
        }
    }

    private static func hex(_ dice: inout Dice) -> String { String(dice.below(512), radix: 16) }
}

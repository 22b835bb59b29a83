import PatchbayCore

/// Sizes in words: binary units, exact where a unit divides them, else one decimal.
package enum SizeWords {
    package static func bytes(_ bytes: UInt64) -> String {
        var value = bytes
        var rest: UInt64 = 0
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while value >= 1024, unit < units.count - 1 {
            rest = value % 1024
            value /= 1024
            unit += 1
        }
        let tenth = rest * 10 / 1024
        return "\(value)\(tenth == 0 ? "" : ".\(tenth)") \(units[unit])"
    }

    package static func mebibytes(_ count: Int) -> String { bytes(UInt64(clamping: count.times(1 << 20))) }
    package static func kibibytes(_ count: Int) -> String { bytes(UInt64(clamping: count.times(1 << 10))) }
}

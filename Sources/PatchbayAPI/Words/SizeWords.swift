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

    /// `0-3,8`: numbers in the kernel's list form.
    package static func ranges(_ numbers: [Int]) -> String {
        var parts: [String] = []
        var start = 0
        for index in numbers.indices {
            guard index + 1 == numbers.count || numbers[index + 1] != numbers[index].plus(1) else { continue }
            parts.append(
                start == index ? "\(numbers[index])" : "\(numbers[start])-\(numbers[index])")
            start = index + 1
        }
        return parts.joined(separator: ",")
    }
}

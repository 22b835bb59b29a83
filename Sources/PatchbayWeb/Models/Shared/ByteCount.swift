import PatchbayAPI
import PatchbayCore

/// Sizes of memory in words.
enum ByteCount {
    static func words(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var size = bytes
        var unit = 0
        while size >= 1024, size % 1024 == 0 || size >= 10 * 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        return "\(size) \(units[unit])"
    }

    static func words(mebibytes: Int) -> String { words(UInt64(max(0, mebibytes)) << 20) }
}

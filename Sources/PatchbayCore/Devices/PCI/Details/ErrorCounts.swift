/// Totals of the Advanced Error Reporting counters since boot.
package struct ErrorCounts: Hashable, Codable, Sendable {
    package var correctable: Int
    package var nonfatal: Int
    package var fatal: Int

    package init(correctable: Int, nonfatal: Int, fatal: Int) {
        self.correctable = correctable
        self.nonfatal = nonfatal
        self.fatal = fatal
    }

    /// The total of an `aer_dev_*` file: its line `TOTAL_ERR_COR 3` (`_NONFATAL`, `_FATAL`). nil: no such line.
    ///
    /// Source: `Documentation/ABI/testing/sysfs-bus-pci-devices-aer_stats`.
    package static func total(_ text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix("TOTAL_") {
            let words = line.split(separator: " ")
            if words.count == 2, let count = Int(words[1]), count >= 0 { return count }
        }
        return nil
    }
}

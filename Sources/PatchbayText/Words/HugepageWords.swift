import PatchbayCore

/// Sizes of huge pages as people write them: `2M`, `1G`.
package enum HugepageWords {
    /// Throws `.malformedInput` when it is no size that a page can have.
    package static func kibibytes(_ text: String) throws(PatchbayCore.Problem) -> Int {
        let factor: Int? =
            switch text.last {
            case "K", "k": 1
            case "M", "m": 1024
            case "G", "g": 1024 * 1024
            default: nil
            }
        // The largest is 16 GiB: pages of POWER.
        guard let factor, let number = Int(text.dropLast()), (1...16_777_216 / factor).contains(number),
            number & (number - 1) == 0, number * factor >= 16
        else {
            throw Problem(.malformedInput, "\"\(text)\" is not a huge page size.", next: ["Write 2M or 1G."])
        }
        return number * factor
    }

    /// `2M`
    package static func size(kibibytes: Int) -> String {
        if kibibytes % (1024 * 1024) == 0 { return "\(kibibytes / (1024 * 1024))G" }
        if kibibytes % 1024 == 0 { return "\(kibibytes / 1024)M" }
        return "\(kibibytes)K"
    }
}

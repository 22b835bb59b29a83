import PatchbayCore

/// Sums in words: `22 devices: 9 free, 1 allocated`.
enum CountWords {
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `9,950`
    static func grouped(_ number: Int) -> String {
        var text = String(number)
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return text
    }

    /// States in their fixed order, those with none left out.
    static func states(_ counts: [String: Int]) -> String {
        DeviceState.allCases.compactMap { state in
            counts[state.rawValue].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }.joined(separator: ", ")
    }

    static func devices(_ counts: [String: Int]) -> String {
        let total = counts.values.reduce(0, +)
        let states = states(counts)
        return count(total, "device") + (states.isEmpty ? "" : ": \(states)")
    }
}

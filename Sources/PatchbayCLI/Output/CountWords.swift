import PatchbayCore

/// Sums in words: `22 devices: 9 free, 1 allocated`.
enum CountWords {
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
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

import ArgumentParser

/// A time span as people type it: `90`, `60s`, `5m`, `1h`, `2d`.
package struct DurationArgument: ExpressibleByArgument, Hashable, Sendable {
    package var seconds: Int

    package init?(argument: String) {
        let digits = argument.prefix { ("0"..."9").contains($0) }
        guard let number = Int(digits), number <= 1_000_000_000 else { return nil }
        switch argument.dropFirst(digits.count) {
        case "", "s": seconds = number
        case "m", "min": seconds = number * 60
        case "h": seconds = number * 3600
        case "d": seconds = number * 86_400
        default: return nil
        }
    }
}

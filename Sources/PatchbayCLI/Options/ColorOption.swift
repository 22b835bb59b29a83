import ArgumentParser

/// `--color`
enum ColorOption: String, ExpressibleByArgument, CaseIterable, Sendable {
    case auto, always, never

    /// What the arguments say, for errors that come before or instead of a parsed command.
    static func asked(_ arguments: [String]) -> ColorOption {
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("--color="), let option = ColorOption(rawValue: String(argument.dropFirst(8))) {
                return option
            }
            if argument == "--color", index + 1 < arguments.count {
                return ColorOption(rawValue: arguments[index + 1]) ?? .auto
            }
        }
        return .auto
    }
}

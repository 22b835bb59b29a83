/// What a device is good for right now. Derived from inventory, bindings and allocations; never stored.
package enum DeviceState: String, Codable, Sendable, CaseIterable {
    case free, allocated, attached, host, blocked, missing, quarantined

    /// One place for the glyph; CLI, API and web share it.
    package var glyph: Character {
        switch self {
        case .free: "○"
        case .allocated: "◐"
        case .attached: "●"
        case .host: "▪"
        case .blocked: "✕"
        case .missing: "?"
        case .quarantined: "!"
        }
    }

    /// The same for terminals that are not UTF-8.
    package var asciiGlyph: Character {
        switch self {
        case .free: "o"
        case .allocated: "~"
        case .attached: "*"
        case .host: "#"
        case .blocked: "x"
        case .missing: "?"
        case .quarantined: "!"
        }
    }
}

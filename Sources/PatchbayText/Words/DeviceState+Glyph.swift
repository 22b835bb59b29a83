import PatchbayCore

extension DeviceState {
    /// What stands for the state in lists, trees and pictures.
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

import PatchbayAPI
import PatchbayCore
import PatchbayText

/// One sign in front of a line, with its stand-in for terminals that are not UTF-8.
struct Mark: Hashable, Sendable {
    var glyph: Character
    var asciiGlyph: Character
    var colour: Colour?

    func text(_ style: Style) -> String {
        style.paint(String(style.isUTF8 ? glyph : asciiGlyph), colour)
    }

    static let nothing = Mark(glyph: " ", asciiGlyph: " ")
    static let done = Mark(glyph: "✓", asciiGlyph: "+", colour: .green)
    static let failed = Mark(glyph: "✕", asciiGlyph: "x", colour: .red)
    static let takenBack = Mark(glyph: "↩", asciiGlyph: "<", colour: .yellow)
    static let running = Mark(glyph: "…", asciiGlyph: ".", colour: .blue)
    static let attention = Mark(glyph: "!", asciiGlyph: "!", colour: .yellow)
    static let on = Mark(glyph: "●", asciiGlyph: "*", colour: .blue)
    static let off = Mark(glyph: "○", asciiGlyph: "o", colour: .dim)
}

extension DeviceState {
    var mark: Mark { Mark(glyph: glyph, asciiGlyph: asciiGlyph, colour: colour) }

    var colour: Colour? {
        switch self {
        case .free: .green
        case .allocated: .yellow
        case .attached: .blue
        case .host: .dim
        case .blocked: .red
        case .missing, .quarantined: .yellow
        }
    }
}

extension PatchbayCore.Finding.Severity {
    var mark: Mark {
        switch self {
        case .note: Mark(glyph: "·", asciiGlyph: "-", colour: .dim)
        case .warning: .attention
        case .problem: .failed
        }
    }
}

extension API.Plan {
    var mark: Mark {
        switch phase {
        case "applied": .done
        case "rolled-back": .takenBack
        case "stuck": .attention
        default: .running
        }
    }
}

extension API.VM {
    var mark: Mark {
        if mayStillRun == true { return .attention }
        return switch state {
        case .running: isRestartPending ? .attention : .on
        case .paused, .crashed, .other, .unknown: .attention
        case .shutOff: .off
        }
    }
}

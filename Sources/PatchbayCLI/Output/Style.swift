import PatchbayCore

/// The 16 ANSI colours that Patchbay uses. State is never told by colour alone.
enum Colour: String, Sendable {
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case red = "31"
    case dim = "2"
    case bold = "1"
}

/// How text looks on one stream: colour, alphabet, width.
struct Style: Sendable {
    enum Stream: Sendable { case output, error }

    var isTerminal: Bool
    var isColoured: Bool
    var isUTF8: Bool
    /// nil: nothing is shortened.
    var width: Int?

    init(isTerminal: Bool, isColoured: Bool, isUTF8: Bool, width: Int?) {
        self.isTerminal = isTerminal
        self.isColoured = isColoured
        self.isUTF8 = isUTF8
        self.width = width
    }

    init(stream: Stream, surroundings: Surroundings, color: ColorOption) {
        let terminal = surroundings.terminal
        let environment = surroundings.environment
        isTerminal = stream == .output ? terminal.isOutputTerminal : terminal.isErrorTerminal
        width = isTerminal ? terminal.width : nil
        isUTF8 = !isTerminal || Self.speaksUTF8(environment)
        switch color {
        case .always: isColoured = true
        case .never: isColoured = false
        case .auto:
            // https://no-color.org: present and not empty.
            isColoured = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        }
    }

    /// The first of the three that is set decides, setlocale(3).
    private static func speaksUTF8(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let charset = locale.lowercased().filter { $0 != "-" }
        return charset.contains("utf8")
    }

    func paint(_ text: String, _ colour: Colour?) -> String {
        guard isColoured, let colour, !text.isEmpty else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }

    /// Text of devices, guests and servers as it may reach a terminal: no control characters, no letters it cannot show.
    func clean(_ text: String) -> String {
        let safe = Self.harmless(text)
        return isUTF8 ? safe : Self.ascii(safe)
    }

    /// The text without what a terminal would obey.
    static func harmless(_ text: String) -> String {
        text.unicodeScalars.allSatisfy(isHarmless) ? text : withoutControls(text)
    }

    private static func withoutControls(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isHarmless(scalar) ? scalar : "\u{fffd}") }
        return String(result)
    }

    /// No C0, DEL, C1 (ECMA-48) and no marks that turn the reading direction (Unicode TR 36).
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: false
        default: true
        }
    }

    private static func ascii(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "→": result += "->"
            case "…": result += "..."
            case "·": result += "-"
            case "×": result += "x"
            case "≥": result += ">="
            case "≤": result += "<="
            default: result.append(character.isASCII ? character : "?")
            }
        }
        return result
    }
}

/// What goes over the wire of a script or a style sheet: indentation, empty lines and comments are for us. The server
/// compresses nothing, so this is an eighth of what a first visit fetches.
enum LeanText {
    /// Lines that are a comment go whole; in a style sheet spaces after `{ ; : ,` and before `{ }` go, too.
    static func of(_ source: [UInt8], isStyle: Bool) -> [UInt8] {
        let lines = source.split(separator: UInt8(ascii: "\n")).map { $0.drop { $0 == space } }
        let kept = lines.filter { !$0.isEmpty && !isComment($0) }
        let text = Array(kept.joined(separator: [UInt8(ascii: "\n")]))
        return isStyle ? withoutSpaces(text) : text
    }

    private static let space = UInt8(ascii: " ")

    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "//".utf8) || line.starts(with: "/*".utf8) && line.suffix(2).elementsEqual("*/".utf8)
    }

    private static func withoutSpaces(_ text: [UInt8]) -> [UInt8] {
        let opening = Array("{;:,".utf8)
        let closing = Array("{}".utf8)
        return text.indices.filter { index in
            guard text[index] == space else { return true }
            let follows = index > 0 && opening.contains(text[index - 1])
            let precedes = index + 1 < text.count && closing.contains(text[index + 1])
            return !follows && !precedes
        }.map { text[$0] }
    }
}

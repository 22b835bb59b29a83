import Mustache

/// Escapes text for HTML by Unicode scalar.
///
/// Mustache's own escaping goes by character, where a quote with a combining mark is no quote any more and gets through.
struct HTMLText: MustacheContentType {
    static let name = "HTML_TEXT"
    private static let special = Array("<>&\"'".utf8)

    func escapeText(_ text: String) -> String {
        // Each of them is one byte, and no byte of another scalar.
        guard text.utf8.contains(where: { Self.special.contains($0) }) else { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": out.append(contentsOf: "&lt;".unicodeScalars)
            case ">": out.append(contentsOf: "&gt;".unicodeScalars)
            case "&": out.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
            case "'": out.append(contentsOf: "&#39;".unicodeScalars)
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}

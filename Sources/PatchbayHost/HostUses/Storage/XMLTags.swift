/// The tags of an XML text one after the other, as far as libvirt writes XML: no DTD, no namespaces, no CDATA.
///
/// Text that is no XML gives tags that mean nothing to anybody; nothing here can fail.
enum XMLTags {
    struct Tag: Equatable {
        enum Kind { case opening, closing, alone }
        var name: String
        var kind: Kind
        var attributes: [String: String]
    }

    static func forEach(in text: String, _ body: (Tag) -> Void) {
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            if rest.hasPrefix("!--") {
                guard let end = rest.firstRange(of: "-->") else { return }
                rest = rest[end.upperBound...]
                continue
            }
            guard let end = end(of: rest) else { return }
            if let tag = tag(rest[..<end]) { body(tag) }
            rest = rest[rest.index(after: end)...]
        }
    }

    /// The next `>` outside of quotes.
    private static func end(of text: Substring) -> Substring.Index? {
        var quote: Character?
        return text.firstIndex { character in
            if let open = quote {
                if character == open { quote = nil }
                return false
            }
            if character == "\"" || character == "'" { quote = character }
            return character == ">"
        }
    }

    private static func tag(_ text: Substring) -> Tag? {
        if text.hasPrefix("/") {
            return Tag(name: String(text.dropFirst().trimmingBlanks), kind: .closing, attributes: [:])
        }
        let isAlone = text.hasSuffix("/")
        let name = text.prefix { !$0.isWhitespace && $0 != "/" }
        guard let first = name.first, first.isLetter else { return nil }
        return Tag(
            name: String(name), kind: isAlone ? .alone : .opening,
            attributes: attributes(text.dropFirst(name.count).dropLast(isAlone ? 1 : 0)))
    }

    private static func attributes(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].trimmingBlanks
            let value = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
            guard let quote = value.first, quote == "\"" || quote == "'",
                let end = value.dropFirst().firstIndex(of: quote)
            else { break }
            result[String(name)] = unescaped(value[value.index(after: value.startIndex)..<end])
            rest = value[value.index(after: end)...]
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}

import PatchbayCore

/// Reads XML 1.0 (W3C, fifth edition) as far as it can occur in a domain definition, into elements with their places.
struct XMLParser {
    private let bytes: [UInt8]
    private var position = 0
    /// Elements that are open, outermost first, each with the prefixes that hold in it.
    private var open: [(element: XMLTree, prefixes: [String: String])] = []

    private static let deepest = 128

    init(_ document: String) { bytes = Array(document.utf8) }

    mutating func document() throws(Problem) -> XMLTree {
        var root: XMLTree?
        while position < bytes.count {
            guard at("<") else {
                let text = try characters(upTo: "<", decoded: true)
                if open.isEmpty, !text.allSatisfy(\.isWhitespace) { throw failure("text outside of the root element") }
                append(text)
                continue
            }
            guard let closed = try markup() else { continue }
            if open.isEmpty {
                guard root == nil else { throw failure("a second root element") }
                root = closed
            } else {
                open[open.count - 1].element.children.append(closed)
            }
        }
        guard open.isEmpty, let root else { throw failure("the end of the text") }
        return root
    }

    /// One tag, comment, instruction or CDATA section.
    ///
    /// - Returns: the element that it ends, if it does.
    private mutating func markup() throws(Problem) -> XMLTree? {
        if take("<!--") {
            _ = try characters(upTo: "-->", decoded: false)
            try expect("-->")
        } else if take("<?") {
            _ = try characters(upTo: "?>", decoded: false)
            try expect("?>")
        } else if !open.isEmpty, take("<![CDATA[") {
            append(try characters(upTo: "]]>", decoded: false))
            try expect("]]>")
        } else if at("</") {
            return try endTag()
        } else if at("<!") {
            throw failure("a document type")
        } else {
            return try startTag()
        }
        return nil
    }

    private mutating func startTag() throws(Problem) -> XMLTree? {
        let start = position
        try expect("<")
        let name = try name()
        var attributes: [(name: String, value: String)] = []
        while true {
            let hasSpace = skipSpace()
            if at("/>") || at(">") { break }
            guard hasSpace else { throw failure("no space before an attribute") }
            let attribute = try attribute()
            guard !attributes.contains(where: { $0.name == attribute.name }) else {
                throw failure("the attribute \(attribute.name) a second time")
            }
            attributes.append(attribute)
        }
        guard open.count < Self.deepest else { throw failure("elements more than \(Self.deepest) deep") }
        let prefixes = Self.prefixes(attributes, in: open.last?.prefixes ?? [:])
        var element = XMLTree(
            name: name, namespace: prefixes[Self.prefix(of: name)], attributes: attributes, start: start)
        if take("/>") {
            element.range = start..<position
            return element
        }
        try expect(">")
        open.append((element, prefixes))
        return nil
    }

    private mutating func endTag() throws(Problem) -> XMLTree {
        let start = position
        try expect("</")
        let name = try name()
        _ = skipSpace()
        try expect(">")
        guard var element = open.popLast()?.element, element.name == name else {
            throw failure("the end of <\(name)>, which is not open here")
        }
        element.endTag = start
        element.range = element.range.lowerBound..<position
        return element
    }

    private mutating func attribute() throws(Problem) -> (name: String, value: String) {
        let name = try name()
        _ = skipSpace()
        try expect("=")
        _ = skipSpace()
        let quote: StaticString = at("'") ? "'" : "\""
        try expect(quote)
        let value = try characters(upTo: quote, decoded: true)
        try expect(quote)
        return (name, value)
    }
}

extension XMLParser {
    private func at(_ text: StaticString) -> Bool {
        let end = position + text.utf8CodeUnitCount
        return end <= bytes.count && text.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard at(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func expect(_ text: StaticString) throws(Problem) {
        guard take(text) else { throw failure("no \(text)") }
    }

    /// - Returns: whether there was any.
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
        return position > start
    }

    /// Letters, digits and `-._:`, and anything beyond ASCII; a superset of what XML allows.
    private mutating func name() throws(Problem) -> String {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x30...0x3a, 0x41...0x5a, 0x5f, 0x61...0x7a, 0x80...0xff, 0x2d, 0x2e: position += 1
            default:
                guard position > start else { throw failure("no name") }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
        throw failure("the end of the text")
    }

    /// What stands before `end`, or before the end of the text.
    private mutating func characters(upTo end: StaticString, decoded: Bool) throws(Problem) -> String {
        let start = position
        while position < bytes.count, !at(end) {
            let byte = bytes[position]
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else {
                throw failure("a control character")
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return decoded && text.contains("&") ? try self.decoded(text) : text
    }

    private func decoded(_ text: String) throws(Problem) -> String {
        var pieces = text.split(separator: "&", omittingEmptySubsequences: false)[...]
        var result = String(pieces.removeFirst())
        for piece in pieces {
            guard let end = piece.firstIndex(of: ";"), let character = Self.character(piece[..<end]) else {
                throw failure("an unknown entity &\(piece.prefix(12))")
            }
            result.unicodeScalars.append(character)
            result += piece[piece.index(after: end)...]
        }
        return result
    }

    private static func character(_ entity: Substring) -> Unicode.Scalar? {
        switch entity {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "apos": "'"
        case "quot": "\""
        default:
            if entity.hasPrefix("#x") {
                UInt32(entity.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
            } else if entity.hasPrefix("#") {
                UInt32(entity.dropFirst()).flatMap(Unicode.Scalar.init)
            } else {
                nil
            }
        }
    }

    private mutating func append(_ text: String) {
        if !open.isEmpty { open[open.count - 1].element.text += text }
    }

    private static func prefix(of name: String) -> String {
        name.firstIndex(of: ":").map { String(name[..<$0]) } ?? ""
    }

    /// The prefixes that hold in an element with these attributes; the empty one is that of names without any.
    private static func prefixes(
        _ attributes: [(name: String, value: String)], in outer: [String: String]
    ) -> [String: String] {
        attributes.reduce(into: outer) { prefixes, attribute in
            if attribute.name == "xmlns" { prefixes[""] = attribute.value }
            if attribute.name.hasPrefix("xmlns:") { prefixes[String(attribute.name.dropFirst(6))] = attribute.value }
        }
    }

    private func failure(_ found: String) -> Problem {
        let line = bytes.prefix(position).count { $0 == 0x0a } + 1
        return Problem(.unreadable, "A definition is not well-formed XML.", cause: "line \(line): \(found)")
    }
}

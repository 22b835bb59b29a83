/// A regular expression taken apart.
indirect enum ExpressionNode: Hashable, Sendable {
    case nothing
    case scalar(ScalarTest)
    case anchor(ExpressionAnchor)
    case sequence([ExpressionNode])
    case choice([ExpressionNode])
    /// `most` nil: any number of times.
    case repeated(ExpressionNode, least: Int, most: Int?)
}

extension ExpressionNode {
    /// Instructions that it becomes: `{}` writes what it repeats so many times. At least one, because writing nothing so
    /// many times takes its time, too.
    var size: Int {
        switch self {
        case .nothing, .scalar, .anchor: 1
        case .sequence(let parts): max(1, parts.reduce(0) { $0 + $1.size })
        case .choice(let choices): choices.reduce(0) { $0 + $1.size + 2 }
        case .repeated(let part, let least, let most):
            max(1, part.size * least + (most.map { ($0 - least) * (part.size + 1) } ?? part.size + 2))
        }
    }
}

/// What is asked of a place between two scalars.
enum ExpressionAnchor: Hashable, Sendable {
    /// `^`, `\A`
    case start
    /// `$`, `\z`; `\Z` is the same, as texts are one line.
    case end
    /// `^` and `$` with the flag m.
    case lineStart, lineEnd
    /// `\b`, `\B`
    case wordEdge, noWordEdge
}

/// What is asked of one scalar.
struct ScalarTest: Hashable, Sendable {
    indirect enum Kind: Hashable, Sendable {
        case one(UInt32)
        /// `.`; with the flag s also a line end.
        case any(withLineEnds: Bool)
        case range(ClosedRange<UInt32>)
        case digit, word, space
        /// `\p{Lu}`: general categories of Unicode.
        case category(Set<Unicode.GeneralCategory>)
        case oneOf([Kind])
        case not(Kind)
    }
    var kind: Kind
    var ignoresCase: Bool

    init(_ kind: Kind, ignoresCase: Bool = false) {
        self.kind = kind
        self.ignoresCase = ignoresCase
    }

    /// - Parameter otherCases: of the scalar; asked only where the test ignores case.
    func holds(for scalar: Unicode.Scalar, otherCases: [Unicode.Scalar]) -> Bool {
        guard ignoresCase else { return Self.holds(kind, scalar) }
        return Self.holds(kind, scalar, or: otherCases)
    }

    /// Case is folded below a negation: `[^a]` is no `A` either.
    private static func holds(_ kind: Kind, _ scalar: Unicode.Scalar, or others: [Unicode.Scalar]) -> Bool {
        switch kind {
        case .not(let kind): !holds(kind, scalar, or: others)
        case .oneOf(let kinds): kinds.contains { holds($0, scalar, or: others) }
        case .one, .any, .range, .digit, .word, .space, .category:
            holds(kind, scalar) || others.contains { holds(kind, $0) }
        }
    }

    private static func holds(_ kind: Kind, _ scalar: Unicode.Scalar) -> Bool {
        switch kind {
        case .one(let value): scalar.value == value
        case .any(let withLineEnds): withLineEnds || !scalar.isLineEnd
        case .range(let range): range.contains(scalar.value)
        case .digit: scalar.isDigit
        case .word: scalar.isOfWord
        case .space: scalar.properties.isWhitespace
        case .category(let categories): categories.contains(scalar.properties.generalCategory)
        case .oneOf(let kinds): kinds.contains { holds($0, scalar) }
        case .not(let kind): !holds(kind, scalar)
        }
    }
}

extension Unicode.Scalar {
    var isLineEnd: Bool { (0x0a...0x0d).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029 }

    fileprivate var isDigit: Bool {
        value < 0x80 ? (0x30...0x39).contains(value) : properties.generalCategory == .decimalNumber
    }

    var isOfWord: Bool {
        if value < 0x80 {
            return (0x61...0x7a).contains(value) || (0x41...0x5a).contains(value) || isDigit || value == 0x5f
        }
        return properties.isAlphabetic || isDigit || properties.generalCategory == .connectorPunctuation
            || properties.generalCategory == .nonspacingMark
    }

    /// Itself in the other cases, where that is one scalar.
    var otherCases: [Unicode.Scalar] {
        [properties.lowercaseMapping, properties.uppercaseMapping].compactMap { text in
            text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
        }
    }
}

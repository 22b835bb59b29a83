/// Classes in brackets, and what a backslash makes of the next character.
extension ExpressionParser {
    mutating func escaped(from start: Int) throws(ExpressionMistake) -> ExpressionNode {
        guard let scalar = next else { throw mistake("nothing follows the backslash", at: start) }
        let anchors: [Unicode.Scalar: ExpressionAnchor] = [
            "A": .start, "z": .end, "Z": .end, "b": .wordEdge, "B": .noWordEdge,
        ]
        if let anchor = anchors[scalar] {
            position += 1
            return .anchor(anchor)
        }
        if ("1"..."9").contains(scalar) || scalar == "k" || scalar == "g" {
            throw unsupported("a reference to another group", at: start)
        }
        if scalar == "Q" {
            position += 1
            return quoted()
        }
        return .scalar(test(try escapedKind(from: start)))
    }

    /// Up to `\E` everything stands for itself.
    private mutating func quoted() -> ExpressionNode {
        var parts: [ExpressionNode] = []
        while position < text.count, !take("\\E") {
            parts.append(.scalar(test(.one(text[position].value))))
            position += 1
        }
        return .sequence(parts)
    }

    private mutating func escapedKind(from start: Int) throws(ExpressionMistake) -> ScalarTest.Kind {
        guard let scalar = next else { throw mistake("nothing follows the backslash", at: start) }
        position += 1
        switch scalar {
        case "d": return .digit
        case "D": return .not(.digit)
        case "w": return .word
        case "W": return .not(.word)
        case "s": return .space
        case "S": return .not(.space)
        case "h": return .oneOf([.one(0x20), .one(0x09)])
        case "n": return .one(0x0a)
        case "r": return .one(0x0d)
        case "t": return .one(0x09)
        case "f": return .one(0x0c)
        case "v": return .one(0x0b)
        case "a": return .one(0x07)
        case "e": return .one(0x1b)
        case "0": return .one(0)
        case "x": return .one(try hexadecimal(digits: 2, from: start))
        case "u": return .one(try hexadecimal(digits: 4, from: start))
        case "U": return .one(try hexadecimal(digits: 8, from: start))
        case "p": return .category(try category(from: start))
        case "P": return .not(.category(try category(from: start)))
        default:
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            guard !isLetter else { throw mistake("\\\(scalar) has no meaning", at: start) }
            return .one(scalar.value)
        }
    }

    /// So many digits, or any number of them in braces.
    private mutating func hexadecimal(digits: Int, from start: Int) throws(ExpressionMistake) -> UInt32 {
        let isBraced = take("{" as Unicode.Scalar)
        var value: UInt64 = 0
        var count = 0
        while let scalar = next, isBraced ? count < 8 : count < digits, let digit = Character(scalar).hexDigitValue {
            value = value << 4 | UInt64(digit)
            count += 1
            position += 1
        }
        let isWhole = isBraced ? count > 0 && take("}" as Unicode.Scalar) : count == digits
        guard isWhole, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
            throw mistake("that is not the number of a character", at: start)
        }
        return scalar.value
    }

    private mutating func category(from start: Int) throws(ExpressionMistake) -> Set<Unicode.GeneralCategory> {
        let isBraced = take("{" as Unicode.Scalar)
        var name = ""
        while let scalar = next, scalar.isOfWord, isBraced || name.isEmpty {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard !isBraced || take("}" as Unicode.Scalar), let known = Self.categories[name] else {
            throw mistake("there is no such property; there are L, Lu, Ll, N, Nd, P, S and Z", at: start)
        }
        return known
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = [
        "L": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter],
        "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter],
        "N": [.decimalNumber, .letterNumber, .otherNumber], "Nd": [.decimalNumber],
        "P": [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ],
        "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol],
        "Z": [.spaceSeparator, .lineSeparator, .paragraphSeparator],
    ]
}

extension ExpressionParser {
    /// Behind `[`. A `]` that comes first stands for itself.
    mutating func scalarClass(from start: Int) throws(ExpressionMistake) -> ScalarTest.Kind {
        let isNegated = take("^" as Unicode.Scalar)
        var kinds: [ScalarTest.Kind] = []
        var isFirst = true
        while isFirst || next != "]" {
            guard let scalar = next else { throw mistake("the class is not closed", at: start) }
            isFirst = false
            if scalar == "[", let kind = try namedClass() {
                kinds.append(kind)
                continue
            }
            if scalar == "[" || take("&&") {
                throw mistake("a class in a class is not supported")
            }
            kinds.append(try classMember(from: start))
        }
        position += 1
        return isNegated ? .not(.oneOf(kinds)) : .oneOf(kinds)
    }

    private mutating func classMember(from start: Int) throws(ExpressionMistake) -> ScalarTest.Kind {
        let place = position
        let low = try classScalar(from: start)
        guard case .one(let first) = low, next == "-", position + 1 < text.count, text[position + 1] != "]" else {
            return low
        }
        position += 1
        guard case .one(let last) = try classScalar(from: start), first <= last else {
            throw mistake("that is not a range of characters", at: place)
        }
        return .range(first...last)
    }

    private mutating func classScalar(from start: Int) throws(ExpressionMistake) -> ScalarTest.Kind {
        guard let scalar = next else { throw mistake("the class is not closed", at: start) }
        let place = position
        position += 1
        guard scalar == "\\" else { return .one(scalar.value) }
        if take("b" as Unicode.Scalar) { return .one(0x08) }
        return try escapedKind(from: place)
    }

    /// `[:alpha:]`; nil: no such thing begins here.
    private mutating func namedClass() throws(ExpressionMistake) -> ScalarTest.Kind? {
        let start = position
        guard take("[:") else { return nil }
        let isNegated = take("^" as Unicode.Scalar)
        var name = ""
        while let scalar = next, ("a"..."z").contains(scalar) {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(":]"), let kind = Self.named[name] else { throw mistake("there is no such class", at: start) }
        return isNegated ? .not(kind) : kind
    }

    private static let named: [String: ScalarTest.Kind] = [
        "alpha": .oneOf([.range(0x41...0x5a), .range(0x61...0x7a)]), "digit": .range(0x30...0x39),
        "alnum": .oneOf([.range(0x41...0x5a), .range(0x61...0x7a), .range(0x30...0x39)]),
        "upper": .range(0x41...0x5a), "lower": .range(0x61...0x7a), "space": .space,
        "blank": .oneOf([.one(0x20), .one(0x09)]), "word": .word,
        "xdigit": .oneOf([.range(0x30...0x39), .range(0x41...0x46), .range(0x61...0x66)]),
        "punct": .oneOf([.range(0x21...0x2f), .range(0x3a...0x40), .range(0x5b...0x60), .range(0x7b...0x7e)]),
        "print": .range(0x20...0x7e), "graph": .range(0x21...0x7e),
        "cntrl": .oneOf([.range(0...0x1f), .one(0x7f)]),
    ]
}

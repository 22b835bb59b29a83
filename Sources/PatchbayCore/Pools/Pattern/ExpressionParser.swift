/// Reads the text of a regular expression, one Unicode scalar after the other.
struct ExpressionParser {
    struct Flags {
        var ignoresCase: Bool
        var dotTakesLineEnds = false
        var anchorsAtLines = false
    }

    let text: [Unicode.Scalar]
    var position = 0
    private(set) var flags: Flags
    private var depth = 0

    static let deepest = 50
    /// `{1,200}`: no more than this.
    static let mostTimes = 255

    init(_ text: String) {
        self.text = Array(text.unicodeScalars)
        flags = Flags(ignoresCase: false)
    }

    mutating func whole() throws(ExpressionMistake) -> ExpressionNode {
        let node = try choice()
        guard position == text.count else { throw mistake("nothing is open for this parenthesis to close") }
        return node
    }

    func mistake(_ what: String, at place: Int? = nil) -> ExpressionMistake {
        ExpressionMistake(column: (place ?? position) + 1, what: what)
    }

    func unsupported(_ what: String, at place: Int) -> ExpressionMistake {
        ExpressionMistake(
            column: place + 1, what: "\(what) is not supported, because matching could take forever",
            next: "Write it without, or as several conditions: all of them must hold.")
    }

    /// What is searched for takes so many states at each place of a text.
    private func limit(_ size: Int, at place: Int) throws(ExpressionMistake) {
        guard size > ExpressionProgram.most else { return }
        throw ExpressionMistake(
            column: place + 1, what: "with all its repetitions it is too large from here on",
            next: "Use fewer repetitions, or *= to search for part of the text.")
    }

    var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ word: String) -> Bool {
        guard text[position...].starts(with: word.unicodeScalars) else { return false }
        position += word.unicodeScalars.count
        return true
    }

    /// Flags that are set inside a group end with it.
    private mutating func choice() throws(ExpressionMistake) -> ExpressionNode {
        let outer = flags
        defer { flags = outer }
        var choices = [try sequence()]
        while take("|" as Unicode.Scalar) {
            let start = position
            choices.append(try sequence())
            try limit(ExpressionNode.choice(choices).size, at: start)
        }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(ExpressionMistake) -> ExpressionNode {
        var parts: [ExpressionNode] = []
        var size = 0
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            guard let part = try atom() else { continue }
            parts.append(try repeated(part, from: start))
            size += parts.last?.size ?? 0
            try limit(size, at: start)
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// nil: it only sets flags.
    private mutating func atom() throws(ExpressionMistake) -> ExpressionNode? {
        let start = position
        let scalar = text[position]
        position += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .scalar(test(try scalarClass(from: start)))
        case ".": return .scalar(test(.any(withLineEnds: flags.dotTakesLineEnds)))
        case "^": return .anchor(flags.anchorsAtLines ? .lineStart : .start)
        case "$": return .anchor(flags.anchorsAtLines ? .lineEnd : .end)
        case "\\": return try escaped(from: start)
        case "*", "+", "?": throw mistake("there is nothing to repeat before \(scalar)", at: start)
        default: return .scalar(test(.one(scalar.value)))
        }
    }

    func test(_ kind: ScalarTest.Kind) -> ScalarTest { ScalarTest(kind, ignoresCase: flags.ignoresCase) }
}

extension ExpressionParser {
    private mutating func group(from start: Int) throws(ExpressionMistake) -> ExpressionNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw mistake("groups are nested more than \(Self.deepest) deep", at: start)
        }
        if take("?" as Unicode.Scalar) {
            if take("=") || take("!") { throw unsupported("looking ahead", at: start) }
            if take("<=") || take("<!") { throw unsupported("looking behind", at: start) }
            if take(">") { throw unsupported("a group that never gives back", at: start) }
            if take("P=") || take("(") || take("R") || take("&") || take("P>") {
                throw unsupported("a reference to another group", at: start)
            }
            if take("P<") || take("<") || take("'") {
                try groupName(from: start)
            } else if !take(":") {
                return try flagGroup(from: start)
            }
        }
        return try groupEnd(from: start)
    }

    private mutating func groupEnd(from start: Int) throws(ExpressionMistake) -> ExpressionNode {
        let node = try choice()
        guard take(")" as Unicode.Scalar) else { throw mistake("the group is not closed", at: start) }
        return node
    }

    private mutating func groupName(from start: Int) throws(ExpressionMistake) {
        let first = position
        while let scalar = next, scalar.isOfWord { position += 1 }
        guard position > first, take(">") || take("'") else {
            throw mistake("the group's name is not closed", at: start)
        }
    }

    /// `(?i)`, `(?i-s:…)`
    private mutating func flagGroup(from start: Int) throws(ExpressionMistake) -> ExpressionNode? {
        let outer = flags
        var isOn = true
        while let scalar = next, scalar != ")", scalar != ":" {
            switch scalar {
            case "-": isOn = false
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotTakesLineEnds = isOn
            case "m": flags.anchorsAtLines = isOn
            default: throw mistake("\(scalar) is not a flag; use i, m or s")
            }
            position += 1
        }
        if take(")" as Unicode.Scalar) { return nil }
        guard take(":" as Unicode.Scalar) else { throw mistake("the group is not closed", at: start) }
        defer { flags = outer }
        return try groupEnd(from: start)
    }

    private mutating func repeated(
        _ part: ExpressionNode, from start: Int
    ) throws(ExpressionMistake) -> ExpressionNode {
        var node = part
        while let times = try times() {
            guard times.most.map({ $0 >= times.least }) ?? true else {
                throw mistake("\(times.least) to \(times.most ?? 0) times is not a valid repetition", at: start)
            }
            node = .repeated(node, least: times.least, most: times.most)
            try limit(node.size, at: start)
            // How much it takes first makes no difference to whether it is found.
            if take("?" as Unicode.Scalar) { continue }
            if next == "+" { throw unsupported("a repetition that never gives back", at: position) }
        }
        return node
    }

    private mutating func times() throws(ExpressionMistake) -> (least: Int, most: Int?)? {
        if take("*" as Unicode.Scalar) { return (0, nil) }
        if take("+" as Unicode.Scalar) { return (1, nil) }
        if take("?" as Unicode.Scalar) { return (0, 1) }
        let start = position
        guard take("{" as Unicode.Scalar) else { return nil }
        let least = try number()
        guard take("," as Unicode.Scalar) else {
            guard let least, take("}" as Unicode.Scalar) else {
                throw mistake("write a repetition as {2} or {2,5}", at: start)
            }
            return (least, least)
        }
        let most = try number()
        guard least != nil || most != nil, take("}" as Unicode.Scalar) else {
            throw mistake("write a repetition as {2} or {2,5}", at: start)
        }
        return (least ?? 0, most)
    }

    private mutating func number() throws(ExpressionMistake) -> Int? {
        let start = position
        var number: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            number = (number ?? 0) * 10 + Int(scalar.value - 0x30)
            position += 1
            guard (number ?? 0) <= Self.mostTimes else {
                throw mistake("nothing may be repeated more than \(Self.mostTimes) times", at: start)
            }
        }
        return number
    }
}

/// An expression as instructions of an automaton. Source: Russ Cox, "Regular Expression Matching: the Virtual Machine Approach".
struct ExpressionProgram: Hashable, Sendable {
    enum Instruction: Hashable, Sendable {
        case test(ScalarTest)
        case anchor(ExpressionAnchor)
        case jump(Int)
        /// Both ways.
        case split(Int, Int)
        case found
    }

    private(set) var instructions: [Instruction] = []
    /// Steps of compiling; a repetition of nothing makes no instructions and costs time as well.
    private var cost = 0

    /// `{}` writes what it repeats so many times.
    static let most = 2000

    init(_ node: ExpressionNode) throws(ExpressionMistake) {
        try add(node)
        instructions.append(.found)
    }

    private mutating func add(_ node: ExpressionNode) throws(ExpressionMistake) {
        cost += 1
        guard cost <= 4 * Self.most, instructions.count < Self.most else {
            throw ExpressionMistake(
                column: 1, what: "with all its repetitions it is too large",
                next: "Repeat less, or use *= to look for a part of the text.")
        }
        switch node {
        case .nothing: break
        case .scalar(let test): instructions.append(.test(test))
        case .anchor(let anchor): instructions.append(.anchor(anchor))
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let choices): try add(choices[...])
        case .repeated(let part, let least, let most):
            for _ in 0..<least { try add(part) }
            if let most { try addOptional(part, times: most - least) } else { try addLoop(part) }
        }
    }

    private mutating func add(_ choices: ArraySlice<ExpressionNode>) throws(ExpressionMistake) {
        guard let first = choices.first else { return }
        guard choices.count > 1 else { return try add(first) }
        let split = instructions.count
        instructions.append(.split(split + 1, split + 1))
        try add(first)
        let jump = instructions.count
        instructions.append(.jump(jump))
        instructions[split] = .split(split + 1, instructions.count)
        try add(choices.dropFirst())
        instructions[jump] = .jump(instructions.count)
    }

    private mutating func addOptional(_ part: ExpressionNode, times: Int) throws(ExpressionMistake) {
        var splits: [Int] = []
        for _ in 0..<times {
            splits.append(instructions.count)
            instructions.append(.split(0, 0))
            try add(part)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func addLoop(_ part: ExpressionNode) throws(ExpressionMistake) {
        let split = instructions.count
        instructions.append(.split(split, split))
        try add(part)
        instructions.append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }
}

/// One search. It is in all states that the text so far may lead to; each state is entered once at each place of the text.
struct ExpressionRun {
    private let instructions: [ExpressionProgram.Instruction]
    /// States that wait for the next scalar.
    private var waiting: [Int] = []
    /// The place at which a state was entered last.
    private var enteredAt: [Int]
    private var open: [Int] = []
    private var isFound = false

    init(_ program: ExpressionProgram) {
        instructions = program.instructions
        enteredAt = Array(repeating: -1, count: instructions.count)
    }

    func finds(_ text: String, anywhere: Bool) -> Bool {
        var run = self
        let scalars = Array(text.unicodeScalars)
        for place in 0...scalars.count {
            if place == 0 || anywhere { run.enter(0, at: place, in: scalars) }
            if run.isFound { return true }
            guard place < scalars.count, anywhere || !run.waiting.isEmpty else { return false }
            run.step(over: scalars[place], at: place, in: scalars)
            if run.isFound { return true }
        }
        return false
    }

    private mutating func step(over scalar: Unicode.Scalar, at place: Int, in scalars: [Unicode.Scalar]) {
        let states = waiting
        waiting = []
        for state in states {
            guard case .test(let test) = instructions[state], test.holds(for: scalar) else { continue }
            enter(state + 1, at: place + 1, in: scalars)
        }
    }

    /// Follows everything that takes no scalar.
    private mutating func enter(_ first: Int, at place: Int, in scalars: [Unicode.Scalar]) {
        open.append(first)
        while let state = open.popLast() {
            guard enteredAt[state] != place else { continue }
            enteredAt[state] = place
            switch instructions[state] {
            case .test: waiting.append(state)
            case .anchor(let anchor): if anchor.holds(at: place, in: scalars) { open.append(state + 1) }
            case .jump(let target): open.append(target)
            case .split(let one, let other):
                open.append(other)
                open.append(one)
            case .found: isFound = true
            }
        }
    }
}

extension ExpressionAnchor {
    fileprivate func holds(at place: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = place > 0 ? scalars[place - 1] : nil
        let after = place < scalars.count ? scalars[place] : nil
        return switch self {
        case .start: before == nil
        case .end: after == nil
        case .lineStart: before?.isLineEnd ?? true
        case .lineEnd: after?.isLineEnd ?? true
        case .wordEdge: (before?.isOfWord ?? false) != (after?.isOfWord ?? false)
        case .noWordEdge: (before?.isOfWord ?? false) == (after?.isOfWord ?? false)
        }
    }
}

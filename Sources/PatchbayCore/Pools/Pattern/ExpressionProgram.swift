/// An expression as instructions of an automaton. Source: Russ Cox, "Regular Expression Matching: the Virtual Machine Approach".
struct ExpressionProgram: Hashable, Sendable {
    enum Instruction: Hashable, Sendable {
        /// One of `tests`.
        case test(Int)
        case anchor(ExpressionAnchor)
        case jump(Int)
        /// Both ways.
        case split(Int, Int)
        case found
    }

    private(set) var instructions: [Instruction] = []
    /// Each once, however often it is asked: a character is put to each of them once.
    private(set) var tests: [ScalarTest] = []
    /// Some test wants a character's other cases.
    var ignoresCase: Bool { tests.contains(where: \.ignoresCase) }

    /// Instructions at most; the parser refuses what would have more.
    static let most = 1000

    init(_ node: ExpressionNode) {
        var numbers: [ScalarTest: Int] = [:]
        add(node, &numbers)
        instructions.append(.found)
    }

    private mutating func add(_ node: ExpressionNode, _ numbers: inout [ScalarTest: Int]) {
        switch node {
        case .nothing: break
        case .scalar(let test):
            let number = numbers[test] ?? tests.count
            if number == tests.count {
                tests.append(test)
                numbers[test] = number
            }
            instructions.append(.test(number))
        case .anchor(let anchor): instructions.append(.anchor(anchor))
        case .sequence(let parts): for part in parts { add(part, &numbers) }
        case .choice(let choices): add(choices[...], &numbers)
        case .repeated(let part, let least, let most):
            for _ in 0..<least { add(part, &numbers) }
            if let most { addOptional(part, times: most - least, &numbers) } else { addLoop(part, &numbers) }
        }
    }

    private mutating func add(_ choices: ArraySlice<ExpressionNode>, _ numbers: inout [ScalarTest: Int]) {
        guard let first = choices.first else { return }
        guard choices.count > 1 else { return add(first, &numbers) }
        let split = instructions.count
        instructions.append(.split(split + 1, split + 1))
        add(first, &numbers)
        let jump = instructions.count
        instructions.append(.jump(jump))
        instructions[split] = .split(split + 1, instructions.count)
        add(choices.dropFirst(), &numbers)
        instructions[jump] = .jump(instructions.count)
    }

    private mutating func addOptional(
        _ part: ExpressionNode, times: Int, _ numbers: inout [ScalarTest: Int]
    ) {
        var splits: [Int] = []
        for _ in 0..<times {
            splits.append(instructions.count)
            instructions.append(.split(0, 0))
            add(part, &numbers)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func addLoop(_ part: ExpressionNode, _ numbers: inout [ScalarTest: Int]) {
        let split = instructions.count
        instructions.append(.split(split, split))
        add(part, &numbers)
        instructions.append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }
}

/// One search. It is in all states that the text so far may lead to; each state is entered once at each place of the text.
struct ExpressionRun {
    private let program: ExpressionProgram
    /// States that wait for the next scalar.
    private var waiting: [Int] = []
    /// The place at which a state was entered last.
    private var enteredAt: [Int]
    private var open: [Int] = []
    /// What each test says of the scalar at hand; nil: not asked yet.
    private var verdicts: [Bool?]
    private var isFound = false
    private let ignoresCase: Bool

    init(_ program: ExpressionProgram) {
        self.program = program
        enteredAt = Array(repeating: -1, count: program.instructions.count)
        verdicts = Array(repeating: nil, count: program.tests.count)
        ignoresCase = program.ignoresCase
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
        let otherCases = ignoresCase && !states.isEmpty ? scalar.otherCases : []
        for number in verdicts.indices { verdicts[number] = nil }
        for state in states {
            guard case .test(let number) = program.instructions[state] else { continue }
            let holds = verdicts[number] ?? program.tests[number].holds(for: scalar, otherCases: otherCases)
            verdicts[number] = holds
            if holds { enter(state + 1, at: place + 1, in: scalars) }
        }
    }

    /// Follows everything that takes no scalar.
    private mutating func enter(_ first: Int, at place: Int, in scalars: [Unicode.Scalar]) {
        open.append(first)
        while let state = open.popLast() {
            guard enteredAt[state] != place else { continue }
            enteredAt[state] = place
            switch program.instructions[state] {
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

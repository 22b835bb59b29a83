import Foundation
import Glibc
import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `A regular expression of a rule` {
    static let table: [(expression: String, text: String, isFound: Bool)] = [
        ("A1?00 .*[0-9]+GB$", "NVIDIA A100 PCIe 80GB", true), ("^A100", "NVIDIA A100", false), ("", "anything", true),
        ("a|b|", "c", true), ("(?:ab){2,3}c", "xababc", true), ("(?:ab){2,3}c", "xabc", false),
        ("^(a|ab)(c|bcd)$", "abcd", true), ("[^a-c]", "abc", false), ("[]a]", "]", true), ("[a-]", "-", true),
        ("(?i)geforce", "GeForce", true), ("(?i:g)eforce", "GEforce", false), ("(?i)[^a]", "A", false),
        ("a(?-i)b", "AB", false), ("\\d{4}:\\d+", "10de 1234:5", true), ("\\bA100\\b", "NVIDIA A100", true),
        ("\\bA10\\b", "NVIDIA A100", false), ("\\Aab\\z", "ab", true), ("[[:alpha:]]+[[:digit:]]$", "abc1", true),
        ("\\x41\\u0042\\x{43}", "ABC", true), ("\\p{Lu}", "abc", false), ("\\p{Lu}", "abC", true),
        ("\\P{L}", "a", false),
        ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?m)^b$", "a\nb", true), ("^b$", "a\nb", false),
        ("\\Q.*\\E", "a.*b", true), ("\\Q.*\\E", "ab", false), ("(?<card>A100)", "A100", true), ("a{2}", "a", false),
        ("a{,2}b", "b", true), ("ü+", "Düüsen", true), ("(?i)Ü", "düse", true), ("(a*)*b", "aaac", false),
        ("(a*)+$", "aaa", true), ("x*?y", "xxy", true), ("(|a)*b", "aab", true),
    ]

    @Test(arguments: table)
    func `finds what it says`(_ example: (expression: String, text: String, isFound: Bool)) throws {
        #expect(try RuleExpression(example.expression).isFound(in: example.text) == example.isFound)
    }

    static let refusals: [(expression: String, column: Int, what: String)] = [
        ("(", 1, "the group is not closed"),
        (
            "ab)", 3,
            "nothing is open for this parenthesis to close"
        ), ("a[b", 2, "not closed"),
        ("ab\\", 3, "nothing follows the backslash"), ("*a", 1, "nothing to repeat"),
        ("(a)\\1", 4, "reference to another group"),
        ("x(?=a)", 2, "looking ahead is not supported"), ("(?<!a)b", 1, "looking behind is not supported"),
        ("(?>a)b", 1, "never gives back"), ("a*+", 3, "never gives back"), ("a{3,2}", 1, "not a valid repetition"),
        ("a{999}", 3, "more than 255 times"), ("a{x}", 2, "as {2} or {2,5}"), ("[z-a]", 2, "not a range"),
        ("[[:foo:]]", 2, "no such class"), ("\\q", 1, "has no meaning"), ("\\p{Foo}", 1, "no such property"),
        ("((a{100}){100}){100}", 2, "too large"), ("(){200}{200}{200}", 1, "too large"), ("(?x)a", 3, "is not a flag"),
    ]

    @Test(arguments: refusals)
    func `is refused with its column`(_ example: (expression: String, column: Int, what: String)) throws {
        let refused = try #require(throws: Problem.self) { try RuleExpression(example.expression) }
        #expect(refused.code == .malformedRule)
        #expect(refused.detail.contains("column \(example.column): "), "\(refused.detail)")
        #expect(refused.detail.contains(example.what), "\(refused.detail)")
    }

    static let largeOnes: [(expression: String, column: Int)] = [
        ("abc(?:x{100}){100}", 4), ("a{255}b{255}c{255}d{255}e{255}f{255}g{255}h{255}", 19), ("x(?:a{100}){15}", 2),
        ("a{0}{255}{255}{255}{255}", 1),
    ]

    @Test(arguments: largeOnes)
    func `is refused where it becomes too large`(_ example: (expression: String, column: Int)) throws {
        let refused = try #require(throws: Problem.self) { try RuleExpression(example.expression) }
        #expect(refused.detail.contains("column \(example.column): "), "\(refused.detail)")
        #expect(refused.detail.contains("too large"), "\(refused.detail)")
    }

    @Test func `is as quick with large classes in any case as with one letter`() async {
        await #expect(processExitsWith: .success) {
            // The automaton takes a second in a debug build; asked state by state it took minutes.
            alarm(20)
            let members = String(repeating: "b", count: 170)
            let expression = try RuleExpression("(?i)[\(members)z]{255}#")
            #expect(!expression.isFound(in: String(repeating: "z", count: 2000)))
        }
    }

    @Test func `asks each test once, however often it stands there`() throws {
        #expect(try RuleExpression("(?i)([a-f]x){20}[a-f]").program.tests.count == 2)
        #expect(try RuleExpression("a(?i:a)[a]").program.tests.count == 3)
        for expression in ["a{0,255}", "(a|b|){99}", "(?:ab*){200}", "((a{10}|c)+d?){20}"] {
            let compiled = try RuleExpression(expression)
            #expect(compiled.program.instructions.count <= ExpressionProgram.most + 1)
        }
    }

    @Test func `takes time that grows with the text, whatever it is`() throws {
        let letters = String(repeating: "a", count: 4000)
        for expression in [".*.*.*.*#", "(a+)+$b", "(a|a)*#", "(.*)*#", "(a?){100}a{100}#", "A100.*PCIe.*80GB"] {
            let clock = ContinuousClock()
            let expression = try RuleExpression(expression)
            let time = clock.measure { #expect(!expression.isFound(in: letters)) }
            // Backtracking would take years; a debug build of the automaton takes a second at most.
            #expect(time < .seconds(20))
        }
    }

    @Test func `agrees with another engine on small ones`() throws {
        var random = SeededGenerator(seed: 20_261_129)
        for _ in 0..<800 {
            let expression = Self.random(depth: 3, &random)
            let text = String(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in "abc".randomElement(using: &random)! })
            let theirs = try NSRegularExpression(pattern: expression)
            let range = NSRange(text.startIndex..., in: text)
            let expected = theirs.firstMatch(in: text, range: range) != nil
            let anchored = theirs.firstMatch(in: text, options: .anchored, range: range) != nil
            let ours = try RuleExpression(expression)
            #expect(ours.isFound(in: text) == expected, "\(expression) in \(text)")
            #expect(ours.isPrefix(of: text) == anchored, "\(expression) before \(text)")
        }
    }

    private static func random(depth: Int, _ random: inout SeededGenerator) -> String {
        let atoms = ["a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\b", "^", "$", "(?i:A)"]
        guard depth > 0 else { return atoms.randomElement(using: &random)! }
        switch Int.random(in: 0...5, using: &random) {
        case 0: return "(\(Self.random(depth: depth - 1, &random))|\(Self.random(depth: depth - 1, &random)))"
        case 1, 2:
            let times = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?"].randomElement(using: &random)!
            return "(?:\(Self.random(depth: depth - 1, &random)))\(times)"
        case 3, 4: return Self.random(depth: depth - 1, &random) + Self.random(depth: depth - 1, &random)
        default: return atoms.randomElement(using: &random)!
        }
    }
}

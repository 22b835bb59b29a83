import PatchbayCore
import Testing

@Suite struct `Differences of lines` {
    @Test func `are none where nothing changed`() {
        #expect(LineDifference.lines(from: ["a", "b"], to: ["a", "b"]) == [])
        #expect(LineDifference.lines(from: [], to: []) == [])
    }

    @Test func `show what went before what came, with lines around`() {
        let old = (1...20).map(String.init)
        var new = old
        new[4] = "five"
        new.append("21")
        #expect(
            LineDifference.lines(from: old, to: new) == [
                "  2", "  3", "  4", "- 5", "+ five", "  6", "  7", "  8", "…", "  18", "  19", "  20", "+ 21",
            ])
    }

    @Test func `of a whole text are all of its lines`() {
        #expect(LineDifference.lines(from: [], to: ["a", "b"]) == ["+ a", "+ b"])
        #expect(LineDifference.lines(from: ["a", "b"], to: []) == ["- a", "- b"])
    }

    /// Every line of both texts is in the difference, in order, whatever the texts are.
    @Test(arguments: UInt64(1)...200) func `make the new text of the old one`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let old = (0..<Int.random(in: 0...6, using: &random)).map { _ in String(Int.random(in: 0...3, using: &random)) }
        let new = (0..<Int.random(in: 0...6, using: &random)).map { _ in String(Int.random(in: 0...3, using: &random)) }
        let lines = LineDifference.lines(from: old, to: new)
        // With texts this short nothing is far enough from a change to be left out, but for a start or an end.
        let changed = lines.filter { !$0.hasPrefix("  ") && $0 != "…" }
        #expect(changed.isEmpty == (old == new), "seed \(seed): \(lines)")
        #expect(
            changed.count(where: { $0.hasPrefix("- ") }) - changed.count(where: { $0.hasPrefix("+ ") }) == old.count
                - new.count)
        var rest = old[...]
        for line in lines where line.hasPrefix("- ") {
            guard let index = rest.firstIndex(of: String(line.dropFirst(2))) else {
                Issue.record("seed \(seed): \(line) is no line of the old text, or not in its order")
                return
            }
            rest = rest[(index + 1)...]
        }
    }
}

/// What somebody meant who typed a word that does not exist.
package enum Spelling {
    /// The known word with the fewest letters to change, when those are few; the first of several. Two letters in the wrong
    /// order are one change. In words of three letters and less another letter makes another word: `for` is not `foo`.
    package static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 40 else { return nil }
        let typed = Array(word.lowercased().utf8)
        let distances = known.map { (word: $0, distance: distance(typed, Array($0.lowercased().utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        let isOtherWord =
            typed.count <= 3 && best.distance > 0 && best.word.utf8.count == typed.count
            && typed.sorted() != Array(best.word.lowercased().utf8).sorted()
        return best.distance <= max(1, typed.count / 3) && !isOtherWord ? best.word : nil
    }

    /// `Did you mean showcase?`, or nothing.
    package static func hint(for word: String, among known: [String]) -> [NextStep] {
        nearest(to: word, among: known.sorted()).map { ["Did you mean \($0)?"] } ?? []
    }

    /// Damerau's distance in bytes (optimal string alignment), two rows back at a time.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var above: [Int] = []
        var row = Array(0...b.count)
        for i in a.indices {
            var next = [i + 1]
            for j in b.indices {
                var cost = min(row[j] + (a[i] == b[j] ? 0 : 1), next[j] + 1, row[j + 1] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, above[j - 1] + 1) }
                next.append(cost)
            }
            (above, row) = (row, next)
        }
        return row[b.count]
    }
}

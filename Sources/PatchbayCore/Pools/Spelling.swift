/// What somebody meant who typed a word that does not exist.
package enum Spelling {
    /// The known word with the fewest letters to change, when those are few; the first of several.
    package static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 40 else { return nil }
        let typed = Array(word.lowercased().utf8)
        let distances = known.map { (word: $0, distance: distance(typed, Array($0.lowercased().utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, typed.count / 3) ? best.word : nil
    }

    /// Levenshtein distance in bytes, one row at a time.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, byte) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}

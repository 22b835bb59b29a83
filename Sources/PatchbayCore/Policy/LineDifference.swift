/// What became of lines of text: those that went and those that came, with a few unchanged ones around them.
package enum LineDifference {
    /// Unchanged lines that are shown before and after a change, so that it can be seen where it is.
    private static let context = 3

    /// `- ` in front of lines that are gone, `+ ` of new ones, two blanks of those that stay; `…` for lines left out.
    /// Empty: nothing has changed.
    package static func lines(from old: [String], to new: [String]) -> [String] {
        let all = merged(old, new)
        let changes = all.indices.filter { all[$0].sign != " " }
        let near = Set(changes.flatMap { $0 - context...$0 + context }).intersection(all.indices)
        var shown: [String] = []
        var last: Int?
        for index in near.sorted() {
            if let last, index > last + 1 { shown.append("…") }
            shown.append("\(all[index].sign) \(all[index].text)")
            last = index
        }
        return shown
    }

    /// Both texts as one; what is gone stands before what took its place.
    private static func merged(_ old: [String], _ new: [String]) -> [(sign: Character, text: String)] {
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var all: [(Character, String)] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) {
                all.append(("-", old[left]))
                left += 1
            } else if inserted.contains(right) {
                all.append(("+", new[right]))
                right += 1
            } else {
                all.append((" ", old[left]))
                left += 1
                right += 1
            }
        }
        return all
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayText

/// How rows of one kind are listed: columns, mark, name, and what to say when there are none.
struct Listing<Row: Sendable>: Sendable {
    var columns: [Column<Row>]
    var mark: (@Sendable (Row) -> Mark)?
    var name: @Sendable (Row) -> String
    /// Lines for people when the list is empty; the last says what to do.
    var empty: [String]
    /// The rows come filtered, by whoever gave them and in the language of `DeviceFilter`: `--where` is not over the columns.
    var isFiltered = false

    /// The columns that were asked for, by name.
    func columns(_ names: String?, isWide: Bool) throws(Problem) -> [Column<Row>] {
        guard let names else { return columns.filter { isWide || !$0.isWide } }
        var chosen: [Column<Row>] = []
        for name in names.split(separator: ",") { chosen.append(try column(name.lowercased())) }
        guard !chosen.isEmpty else { throw FilterText.unknownField(names, known: columns.map(\.id)) }
        return chosen
    }

    private func column(_ id: String) throws(Problem) -> Column<Row> {
        guard let column = columns.first(where: { $0.id == id }) else {
            throw FilterText.unknownField(id, known: columns.map(\.id))
        }
        return column
    }

    /// Filtered by `--where` and ordered by `--sort`, both over the columns, where that is not done yet.
    func arranged(_ rows: [Row], options: ListOptions) throws(Problem) -> [Row] {
        var rows = rows
        if let filter = options.filter, !isFiltered {
            for condition in try FilterText.conditions(filter) {
                let column = try column(condition.field)
                let match = try ColumnMatch(condition, of: column.id, values: column.values)
                rows = rows.filter { match.holds(for: column.cell($0).text) }
            }
        }
        guard let sort = options.sort else { return rows }
        let isDescending = sort.hasPrefix("-")
        let column = try column(String(sort.drop { $0 == "-" }).lowercased())
        let sorted = rows.enumerated().sorted { a, b in
            let order = naturalOrder(column.cell(a.element).text, column.cell(b.element).text)
            return order == 0 ? a.offset < b.offset : (isDescending ? order > 0 : order < 0)
        }
        return sorted.map(\.element)
    }

    /// What to say when none of `all` is left: that there are none, or that there are, how many, and why none of them is shown.
    ///
    /// - Parameter narrowing: what else was asked for beside `--where`.
    func words(forNoneOf all: [Row], options: ListOptions, narrowing: Narrowing) throws(Problem) -> [String] {
        let asked = [narrowing.words, options.filter].compactMap(\.self)
        let total = narrowing.total ?? (isFiltered || narrowing.words != nil && all.isEmpty ? nil : all.count)
        guard !asked.isEmpty, total != 0 else { return empty }
        let rest = total.map { " There \($0 == 1 ? "is 1" : "are \(CountWords.grouped($0))") in all." } ?? ""
        var lines = ["Nothing matches \(asked.joined(separator: " and ")).\(rest)"]
        if !isFiltered, let filter = options.filter {
            for condition in try FilterText.conditions(filter) { lines += try values(all, meantBy: condition) }
        }
        let words = Surroundings.current.commandWords + Surroundings.current.rootWords
        return lines + ["next  See all:  \(ShellLine(words).text)"]
    }

    /// For a value that no row has, the few that there are: a word with a letter too few shows at once.
    private func values(_ all: [Row], meantBy condition: API.Condition) throws(Problem) -> [String] {
        guard condition.comparison == Condition.Comparison.equal.rawValue else { return [] }
        let column = try column(condition.field)
        let values = Set(all.map { column.cell($0).text }.filter { !$0.isEmpty }).sorted()
        let typed = condition.value.lowercased()
        guard (1...8).contains(values.count), !values.contains(where: { $0.lowercased() == typed }) else { return [] }
        let guess = Spelling.nearest(to: condition.value, among: values).map { " Did you mean \($0)?" } ?? ""
        return ["Values of \(column.id) here: \(values.joined(separator: ", ")).\(guess)"]
    }

    func table(_ rows: [Row], columns: [Column<Row>]) -> Table {
        Table(
            headings: columns.map {
                .init(title: $0.id.uppercased(), isRightAligned: $0.alignment == .right, shrinks: $0.shrinks)
            },
            rows: rows.map { row in columns.map { $0.cell(row) } },
            marks: mark.map(rows.map) ?? [])
    }
}

/// Negative, zero or positive; numbers inside text count as numbers, so `gpu-2` comes before `gpu-10`.
func naturalOrder(_ a: String, _ b: String) -> Int {
    var left = a[...]
    var right = b[...]
    while let x = left.first, let y = right.first {
        if x.isASCIIDigit, y.isASCIIDigit {
            let p = left.prefix { $0.isASCIIDigit }
            let q = right.prefix { $0.isASCIIDigit }
            let m = p.drop { $0 == "0" }
            let n = q.drop { $0 == "0" }
            if m != n { return m.count == n.count ? (m < n ? -1 : 1) : m.count - n.count }
            left = left.dropFirst(p.count)
            right = right.dropFirst(q.count)
        } else {
            if x != y { return x < y ? -1 : 1 }
            left = left.dropFirst()
            right = right.dropFirst()
        }
    }
    return left.count - right.count
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

import PatchbayCore

/// Prints the rows of a list that have changed since they were last printed: a line or record for each, and one for a row that
/// is gone.
struct RowChanges<Row: Encodable & Sendable> {
    private let limit: Int?
    /// What each row said, by its name.
    private var known: [String: [String]] = [:]
    private var isFirst = true
    private var widths: [Int] = []

    /// - Parameter limit: at most so many at first.
    init(limit: Int?) { self.limit = limit }

    mutating func tell(
        _ all: [Row], _ listing: Listing<Row>, options: ListOptions, narrowing: Narrowing, _ out: Output
    ) throws(Problem) {
        let rows = try listing.arranged(all, options: options)
        let said = rows.map { row in (name: listing.name(row), words: listing.columns.map { $0.settled(row) }) }
        var changed: [Row] = []
        for (row, said) in zip(rows, said) where known[said.name] != said.words { changed.append(row) }
        let gone = known.keys.filter { name in !said.contains { $0.name == name } }.sorted()
        known = Dictionary(said.map { ($0.name, $0.words) }) { $1 }
        if isFirst, let limit { changed = Array(changed.prefix(limit)) }
        if isFirst, changed.isEmpty, out.isForPeople {
            for line in try listing.words(forNoneOf: all, options: options, narrowing: narrowing) { out.talk(line) }
        }
        try write(changed, gone: gone, listing, options: options, out)
        isFirst = false
    }

    private struct Gone: Encodable { var gone: String }

    private mutating func write(
        _ rows: [Row], gone: [String], _ listing: Listing<Row>, options: ListOptions, _ out: Output
    ) throws(Problem) {
        switch out.format {
        case .json:
            for row in rows { out.write(try JSONText.line(row)) }
            for name in gone { out.write(try JSONText.line(Gone(gone: name))) }
        case .yaml:
            for row in rows { out.write("---\n" + (try YAMLText.render(row))) }
            for name in gone { out.write("---\n" + (try YAMLText.render(Gone(gone: name)))) }
        case .name: for row in rows { out.line(listing.name(row)) }
        case .table, .wide, .tree:
            let columns = try listing.columns(options.columns, isWide: out.format == .wide || out.isVerbose)
            var table = listing.table(rows, columns: columns)
            table.leastWidths = widths
            widths = table.widths(out.style)
            if isFirst || !rows.isEmpty { out.write(table.render(out.style, withHeadings: isFirst)) }
            for name in gone { out.line("\(name)  gone") }
        }
    }
}

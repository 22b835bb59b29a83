import ArgumentParser

/// A command that lists rows.
protocol ListCommand: ParsableCommand {
    static var choices: ListChoices { get }
}

/// What the options of a list can name, for completion.
struct ListChoices: Sendable {
    var columns: [String] = []
    /// `state=free`, of columns that say one of a few words.
    var conditions: [String] = []
}

extension Listing {
    var choices: ListChoices {
        ListChoices(
            columns: columns.map(\.id),
            conditions: columns.flatMap { column in (column.values ?? []).map { "\(column.id)=\($0)" } })
    }
}

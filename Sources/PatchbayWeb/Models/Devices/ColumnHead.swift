import PatchbayAPI
import PatchbayCore

/// The head of a column: a link that sorts by it, and the other way round the second time.
struct ColumnHead: Sendable, Hashable {
    let title: String
    let href: String
    let arrow: String
    /// For `aria-sort`.
    let order: String
    let hint: String
    let css: String

    init(_ column: DeviceColumn, in query: DeviceListPage.Query) {
        let isUp = query.sort == column.rawValue
        let isDown = query.sort == "-\(column.rawValue)"
        self.title = column.title
        self.href = query.link(sort: isUp ? "-\(column.rawValue)" : column.rawValue)
        self.arrow = isUp ? "↑" : isDown ? "↓" : ""
        self.order = isUp ? "ascending" : isDown ? "descending" : "none"
        self.hint = column.hint
        self.css = "col-\(column.rawValue)"
    }
}

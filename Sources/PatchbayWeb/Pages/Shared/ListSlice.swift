/// The rows of a long list that one page shows.
struct ListSlice<Row> {
    /// Longer lists are paged, so that ten thousand devices stay usable.
    static var length: Int { 250 }

    let rows: [Row]
    /// `12`, `1–250 of 600`
    let which: String
    /// Numbers of the pages beside it, counted from 0; nil: there is none.
    let earlier: Int?
    let later: Int?

    /// - Parameter asked: where the list is shorter than that, the last page.
    init(_ all: [Row], page asked: Int) {
        let page = min(asked, max(0, all.count - 1) / Self.length)
        let start = page * Self.length
        let end = min(start + Self.length, all.count)
        self.rows = Array(all[start..<end])
        self.which = end - start < all.count ? "\(start + 1)–\(end) of \(all.count)" : "\(all.count)"
        self.earlier = start > 0 ? page - 1 : nil
        self.later = end < all.count ? page + 1 : nil
    }
}

/// An array in pages: a copy shares all pages but the one that is written to.
///
/// A fleet of a million hosts is copied for every decision that is made beside others; with pages a write after that costs
/// one page, not the whole array.
struct Paged<Element: Sendable>: Sendable {
    private var pages: [[Element]] = []
    private(set) var count = 0

    private static var size: Int { 256 }

    subscript(index: Int) -> Element {
        get { pages[index / Self.size][index % Self.size] }
        _modify { yield &pages[index / Self.size][index % Self.size] }
    }

    /// - Returns: its index.
    @discardableResult
    mutating func append(_ element: Element) -> Int {
        if count % Self.size == 0 {
            pages.append([])
            pages[pages.count - 1].reserveCapacity(count == 0 ? 1 : Self.size)
        }
        pages[pages.count - 1].append(element)
        count += 1
        return count - 1
    }
}

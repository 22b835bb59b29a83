extension Sequence where Element: Hashable {
    /// In order, what comes again left out.
    var eachOnce: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

import PatchbayCore

/// What a live kernel was last read to be, and what has to be read again with the next change.
struct KnownHost {
    private(set) var result: InventoryReader.Result?
    /// Functions that were written to since the last reading.
    var unread: Set<String> { touched }
    /// Counts readings, so that one that began earlier and ended later replaces nothing newer.
    private var begun = 0
    private var kept = 0
    /// Functions that were written to since, or whose attributes were locked: no event tells of those.
    private var touched: Set<String> = []

    mutating func touch(_ address: PCIAddress) { touched.insert(address.description) }

    /// Returns the number of the reading and what was touched before it.
    mutating func begin() -> (number: Int, touched: Set<String>) {
        begun += 1
        defer { touched = [] }
        return (begun, touched)
    }

    mutating func keep(_ result: InventoryReader.Result, of number: Int) {
        guard number > kept else { return }
        kept = number
        self.result = result
    }

    /// A reading failed: what it was to read is still to be read.
    mutating func giveBack(_ names: Set<String>) { touched.formUnion(names) }
}

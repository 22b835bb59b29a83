import PatchbayCore

/// What a live kernel was last read to be, and what has to be read again with the next change.
struct KnownHost {
    private(set) var result: InventoryReader.Result?
    /// Devices that were written to since the last reading.
    var unread: Set<DeviceKey> { touched }
    /// Counts readings, so that one that began earlier and ended later replaces nothing newer.
    private var begun = 0
    private var kept = 0
    /// Devices that were written to since, or whose attributes were locked: no event tells of those.
    private var touched: Set<DeviceKey> = []

    mutating func touch(_ device: DeviceKey) { touched.insert(device) }

    /// Returns the number of the reading and what was touched before it.
    mutating func begin() -> (number: Int, touched: Set<DeviceKey>) {
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
    mutating func giveBack(_ devices: Set<DeviceKey>) { touched.formUnion(devices) }
}

import PatchbayCore

/// A fingerprint of what something was made from: names cache entries.
struct ContentHash {
    private var hash = FNV1a()

    /// With an end, so that two parts cannot be mistaken for two others.
    mutating func add(_ bytes: [UInt8]) {
        hash.add(bytes)
        hash.add(0xff)
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    var text: String { hash.value.hex(16) }
}

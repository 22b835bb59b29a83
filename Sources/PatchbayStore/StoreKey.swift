/// A key as its UTF-8 bytes: equal only when every byte is, ordered the way etcd and SQLite order.
///
/// `String` compares by canonical equivalence, so "é" in one and in two scalars would be one key in memory and two on disk.
package struct StoreKey: Hashable, Comparable {
    let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }

    /// All bytes at once; an array would feed them one by one.
    package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    package static func < (a: StoreKey, b: StoreKey) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

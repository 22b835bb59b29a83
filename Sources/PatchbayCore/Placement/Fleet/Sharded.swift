/// A dictionary in shards: a copy shares all but the shard that is written to, so a change made beside a copy costs a small part
/// of the whole. `Paged` is the same for arrays.
struct Sharded<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var shards = [[Key: Value]](repeating: [:], count: size)

    private static var size: Int { 256 }

    subscript(key: Key) -> Value? {
        get { shards[Self.shard(of: key)][key] }
        set { shards[Self.shard(of: key)][key] = newValue }
    }

    private static func shard(of key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) >> 8) % size }
}

/// A dictionary in shards, whose copies share all shards that are the same in them: changing one of two copies costs a small
/// part of the whole, so a change is taken in while others decide on what was. `Paged` is the same for arrays.
package struct Sharded<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var shards = [[Key: Value]](repeating: [:], count: size)

    private static var size: Int { 256 }

    /// One look at each shard, however many entries there are.
    package var isEmpty: Bool { shards.allSatisfy(\.isEmpty) }
    package var keys: some Sequence<Key> { shards.lazy.flatMap(\.keys) }
    package var values: some Sequence<Value> { shards.lazy.flatMap(\.values) }

    package subscript(key: Key) -> Value? {
        get { shards[Self.shard(of: key)][key] }
        _modify { yield &shards[Self.shard(of: key)][key] }
    }

    package subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { self[key] ?? value() }
        _modify { yield &shards[Self.shard(of: key)][key, default: value()] }
    }

    private static func shard(of key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) >> 8) % size }
}

extension Sharded: Sequence {
    package func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> { shards.joined().makeIterator() }
}

extension Sharded: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (Key, Value)...) {
        for (key, value) in entries { self[key] = value }
    }
}

/// A dictionary in shards, whose copies share all shards that are the same in them: changing one of two copies costs a small
/// part of the whole. So a commit is taken in while others decide on the fleet as it was.
struct SharedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var shards = [[Key: Value]](repeating: [:], count: size)
    private(set) var count = 0

    private static var size: Int { 256 }

    var isEmpty: Bool { count == 0 }
    var keys: some Sequence<Key> { shards.lazy.flatMap(\.keys) }
    var values: some Sequence<Value> { shards.lazy.flatMap(\.values) }

    subscript(key: Key) -> Value? {
        get { shards[Self.shard(of: key)][key] }
        _modify {
            let shard = Self.shard(of: key)
            let before = shards[shard].count
            defer { count += shards[shard].count - before }
            yield &shards[shard][key]
        }
    }

    subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { self[key] ?? value() }
        _modify {
            let shard = Self.shard(of: key)
            let before = shards[shard].count
            defer { count += shards[shard].count - before }
            yield &shards[shard][key, default: value()]
        }
    }

    private static func shard(of key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) >> 8) % size }
}

extension SharedTable: Sequence {
    func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> { shards.joined().makeIterator() }
}

extension SharedTable: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral entries: (Key, Value)...) {
        for (key, value) in entries { self[key] = value }
    }
}

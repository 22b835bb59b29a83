/// A dictionary in shards, whose copies share all shards that are the same in them: changing one of two copies costs a small
/// part of the whole, so a change is taken in while others decide on what was. `Paged` is the same for arrays.
///
/// Inlinable, and with closures in the place of key paths: the server looks things up here several times a claim.
package struct Sharded<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline var shards = [[Key: Value]](repeating: [:], count: size)

    @usableFromInline static var size: Int { 256 }

    /// One look at each shard, however many entries there are.
    @inlinable package var isEmpty: Bool { shards.allSatisfy { $0.isEmpty } }
    @inlinable package var keys: some Sequence<Key> { shards.lazy.flatMap { $0.keys } }
    @inlinable package var values: some Sequence<Value> { shards.lazy.flatMap { $0.values } }

    @inlinable package subscript(key: Key) -> Value? {
        get { shards[Self.shard(of: key)][key] }
        _modify { yield &shards[Self.shard(of: key)][key] }
    }

    @inlinable package subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { self[key] ?? value() }
        _modify { yield &shards[Self.shard(of: key)][key, default: value()] }
    }

    @inlinable static func shard(of key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) >> 8) % size }
}

extension Sharded: Sequence {
    @inlinable package func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> {
        shards.joined().makeIterator()
    }
}

extension Sharded: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (Key, Value)...) {
        for (key, value) in entries { self[key] = value }
    }
}

import HashTreeCollections

/// A dictionary whose copies share all that is the same in them: changing one of two costs a few nodes of a tree, not the
/// whole of it. So a commit is taken in while others decide on the fleet as it was.
struct SharedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var tree: TreeDictionary<Key, Value> = [:]

    var isEmpty: Bool { tree.isEmpty }
    var count: Int { tree.count }
    var keys: some Collection<Key> & Sendable { tree.keys }
    var values: some Collection<Value> & Sendable { tree.values }

    subscript(key: Key) -> Value? {
        get { tree[key] }
        _modify { yield &tree[key] }
    }

    subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { tree[key, default: value()] }
        _modify { yield &tree[key, default: value()] }
    }
}

extension SharedTable: Sequence {
    func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> { tree.makeIterator() }
}

extension SharedTable: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral entries: (Key, Value)...) {
        for (key, value) in entries { tree[key] = value }
    }
}

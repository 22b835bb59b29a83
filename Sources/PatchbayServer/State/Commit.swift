import PatchbayCore
import PatchbayStore

/// Writes and the conditions they stand on, being put together.
struct Commit: Sendable {
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private(set) var conditions: [Precondition] = []

    private struct Entry: Sendable {
        var write: Write
        /// What its bytes say; nil: it deletes.
        var value: (any Sendable)?
    }

    var isEmpty: Bool { entries.isEmpty }
    var writes: [Write] { order.compactMap { entries[$0]?.write } }

    mutating func put<Value: StateValue>(_ key: String, _ value: Value) throws(Problem) {
        set(.put(key, try Versioned.bytes(value)), value)
    }

    /// The inventory of a host: the pieces that are not stored yet, then the head, so that whoever follows the store has
    /// all pieces when the head comes; then away with the pieces that nobody names any more.
    ///
    /// It stands on the pieces that are stored, so on the head that names them. An engine that takes no more than some
    /// writes in one commit (etcd: 128, and 1.5 MiB in all) may write the pieces before it: they mean nothing by
    /// themselves.
    mutating func put(_ inventory: Inventory, of host: String, in fleet: Fleet) throws(Problem) {
        let stored = (fleet.hosts[host]?.pieces ?? [:]).filter {
            fleet.unreadable[StateKey.inventory(host, part: $0.key)] == nil
        }
        let pieces = try InventoryPieces(inventory, known: stored)
        let folder = StateKey.inventory(host, part: "")
        for key in fleet.unreadable.keys.filter({ $0.hasPrefix(folder) }).sorted() { delete(key) }
        for (name, piece) in pieces.new.sorted(by: { $0.key < $1.key }) {
            set(.put(StateKey.inventory(host, part: name), piece.bytes), piece.part)
        }
        try put(StateKey.inventory(host), pieces.head)
        for name in Set(stored.keys).subtracting(pieces.head.parts).sorted() {
            delete(StateKey.inventory(host, part: name))
        }
        require(unchanged: StateKey.inventory(host), in: fleet)
    }

    mutating func delete(_ key: String) { set(.delete(key), nil) }

    /// What it puts under a key, where that has these bytes; nil: it does not.
    func value(of key: String, saying bytes: [UInt8]) -> (any Sendable)? {
        guard let entry = entries[key], case .put(_, let own) = entry.write, own == bytes else { return nil }
        return entry.value
    }

    private mutating func set(_ write: Write, _ value: (any Sendable)?) {
        if entries.updateValue(Entry(write: write, value: value), forKey: write.key) == nil { order.append(write.key) }
    }

    mutating func require(_ condition: Precondition) { conditions.append(condition) }

    /// Nobody changed `key` since `fleet` was read.
    mutating func require(unchanged key: String, in fleet: Fleet) {
        let revision = fleet.revision(of: key)
        require(revision == 0 ? .absent(key) : .unchanged(key, since: revision))
    }

    /// Devices that nobody may have, and that somebody has once it is written.
    var newlyAllocated: [DeviceID] {
        conditions.compactMap { condition in
            guard case .absent(let key) = condition, key.hasPrefix(StateKey.allocationPrefix),
                case .allocation(let id)? = StatePlace(key)
            else { return nil }
            return id
        }
    }

    /// What it has changed, with the values that were written: nobody reads again what was just said.
    func changes(at revision: Revision) -> [FleetChange] {
        order.compactMap { entries[$0] }.map { entry in
            switch entry.write {
            case .put(let key, let bytes):
                FleetChange(StoreChange(revision: revision, key: key, value: bytes), written: entry.value)
            case .delete(let key): FleetChange(StoreChange(revision: revision, key: key, value: nil))
            }
        }
    }
}

/// What was decided from one fleet: the answer, and what has to be committed for it to be true.
struct Decision<Answer: Sendable>: Sendable {
    var answer: Answer
    /// nil: nothing to change, as in a dry run.
    var commit: Commit?
}

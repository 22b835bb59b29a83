import PatchbayCore
import PatchbayStore

/// Writes and the conditions they stand on, being put together.
struct Commit: Sendable {
    private(set) var writes: [String: Write] = [:]
    private(set) var order: [String] = []
    private(set) var conditions: [Precondition] = []

    var isEmpty: Bool { writes.isEmpty }
    var list: [Write] { order.compactMap { writes[$0] } }

    mutating func put<Value: Codable>(_ key: String, _ value: Value) throws(Problem) {
        set(.put(key, try Versioned.bytes(value)))
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
        for (name, bytes) in pieces.new.sorted(by: { $0.key < $1.key }) {
            set(.put(StateKey.inventory(host, part: name), bytes))
        }
        try put(StateKey.inventory(host), pieces.head)
        for name in Set(stored.keys).subtracting(pieces.head.parts).sorted() {
            delete(StateKey.inventory(host, part: name))
        }
        require(unchanged: StateKey.inventory(host), in: fleet)
    }

    mutating func delete(_ key: String) { set(.delete(key)) }

    private mutating func set(_ write: Write) {
        if writes.updateValue(write, forKey: write.key) == nil { order.append(write.key) }
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
            guard case .absent(let key) = condition, case .allocation(let id)? = StatePlace(key) else { return nil }
            return id
        }
    }

    func changes(at revision: Revision) -> [StoreChange] {
        list.map { write in
            switch write {
            case .put(let key, let value): StoreChange(revision: revision, key: key, value: value)
            case .delete(let key): StoreChange(revision: revision, key: key, value: nil)
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

import PatchbayCore
import PatchbayStore

/// What a value in the store can be.
typealias StateValue = Codable & Sendable

/// A change of the store on its way into `Fleet`.
struct FleetChange: Sendable {
    let stored: StoreChange
    /// nil: no key of ours.
    let place: StatePlace?
    /// What the bytes say, where this server has just written them; nil: they are to be read.
    let written: (any Sendable)?

    init(_ stored: StoreChange, written: (any Sendable)? = nil) {
        self.stored = stored
        place = StatePlace(stored.key)
        self.written = written
    }

    var key: String { stored.key }
    var revision: Revision { stored.revision }
    var isDeletion: Bool { stored.value == nil }

    /// nil: it was deleted. Throws `.unreadable`, and `Problem.otherForm`.
    func read<Value: StateValue>(_ type: Value.Type) throws(Problem) -> Value? {
        guard let bytes = stored.value else { return nil }
        if let written = written as? Value { return written }
        return try Versioned<Value>.read(bytes, from: key)
    }
}

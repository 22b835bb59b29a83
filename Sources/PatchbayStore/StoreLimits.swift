import PatchbayCore

/// What every engine refuses before it looks at its contents, so that the same commit is good or bad everywhere.
package enum StoreLimits {
    /// Bytes of one value; etcd's own default for a whole request is 1.5 MiB.
    package static let valueBytes = 1 << 20
    /// UTF-8 bytes of one key.
    package static let keyBytes = 1024

    /// Writes in one commit.
    package static let writes = 1 << 16

    /// Throws `.malformedInput` for an empty key, one with control characters, or a key written twice, and `.tooLarge`
    /// for a key, a value or a commit over the limits.
    package static func check(_ writes: [Write], if conditions: [Precondition]) throws(Problem) {
        guard writes.count <= Self.writes else {
            throw Problem(
                .tooLarge, "A commit has \(writes.count) writes; at most \(Self.writes) are taken at once.")
        }
        var written: Set<StoreKey> = []
        for write in writes {
            try check(key: write.key)
            guard written.insert(StoreKey(write.key)).inserted else {
                throw Problem(.malformedInput, "The key \"\(write.key)\" is written twice in one commit.")
            }
            if case .put(let key, let value) = write, value.count > valueBytes {
                throw Problem(
                    .tooLarge, "The value of \"\(key)\" has \(value.count) bytes; at most \(valueBytes) are kept.")
            }
        }
        for condition in conditions { try check(key: condition.key) }
    }

    private static func check(key: String) throws(Problem) {
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw Problem(.malformedInput, "\"\(key)\" cannot be a key: it is empty or has control characters.")
        }
        guard key.utf8.count <= keyBytes else {
            throw Problem(.tooLarge, "A key has \(key.utf8.count) bytes; at most \(keyBytes) are kept.")
        }
    }
}

extension Precondition {
    package var key: String {
        switch self {
        case .absent(let key), .present(let key), .unchanged(let key, since: _): key
        }
    }

    /// Whether it holds when the key was last changed by `modified`; nil: there is no such key.
    package func holds(modified: Revision?) -> Bool {
        switch self {
        case .absent: modified == nil
        case .present: modified != nil
        case .unchanged(_, let since): (modified ?? 0) == since
        }
    }
}

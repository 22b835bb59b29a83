/// A part of a host's file tree, held in memory between collecting, anonymising and packing.
package struct RecordedTree: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case directory
        case file([UInt8])
        /// The target as it is written in the link.
        case link(String)
    }

    /// By path relative to the root, without leading or trailing slashes.
    package private(set) var entries: [String: Content] = [:]

    package init() {}

    /// The paths so that every directory comes before what is in it.
    package var paths: [String] { entries.keys.sorted() }
    package subscript(path: String) -> Content? { entries[path] }

    /// The bytes of all files together.
    package var byteCount: Int {
        entries.values.reduce(0) { sum, content in
            if case .file(let bytes) = content { sum + bytes.count } else { sum }
        }
    }

    /// Adds an entry with the directories above it. A directory never takes the place of something else.
    mutating func add(_ path: String, _ content: Content) {
        if content == .directory, entries[path] != nil { return }
        entries[path] = content
        var parent = path
        while let slash = parent.lastIndex(of: "/") {
            parent = String(parent[..<slash])
            if entries[parent] != nil { return }
            entries[parent] = .directory
        }
    }
}

import Foundation

/// A host's tree that is there only while it is measured.
enum MadeTree {
    /// - Parameters:
    ///   - root: a tree that is there already, and stays; nil: a new directory is filled by `make`, and goes afterwards.
    ///   - measure: gets the path of the one or the other.
    static func with(
        _ root: String?, make: (URL) throws -> Void, measure: (String) async throws -> Void
    ) async throws {
        if let root { return try await measure(root) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-bench-\(UUID().uuidString)")
        do {
            try make(folder)
            try await measure(folder.path)
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }
}

import Foundation

/// The project's own files, found from this file's place.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Paths relative to the root, sorted; build folders and git's own left out.
    static func files(under folder: String, ending suffix: String) -> [String] {
        let base = root.appending(path: folder)
        guard let all = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return all.compactMap { $0 as? String }
            .filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
            .map { "\(folder)/\($0)" }.sorted()
    }
}

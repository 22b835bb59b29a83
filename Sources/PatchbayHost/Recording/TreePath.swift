/// Paths below a root, worked out by their text alone.
enum TreePath {
    /// Without `.`, `..` and double slashes. nil: it leaves the root.
    static func normalized(_ path: String) -> String? {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                if parts.popLast() == nil { return nil }
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    /// Where a link at `path` leads, relative to the root; an absolute target begins at the root. nil: it leaves the root.
    static func target(of link: String, at path: String) -> String? {
        normalized(link.hasPrefix("/") ? link : "\(parent(path))/\(link)")
    }

    static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// The relative way from the directory of `path` to `target`.
    static func relative(from path: String, to target: String) -> String {
        var here = parent(path).split(separator: "/")[...]
        var there = target.split(separator: "/")[...]
        while let first = here.first, first == there.first, there.count > 1 {
            here.removeFirst()
            there.removeFirst()
        }
        return (here.map { _ in ".." } + there.map { String($0) }).joined(separator: "/")
    }

    /// Whether a name fits a pattern in which `*` stands for any text.
    static func matches(_ name: some StringProtocol, _ pattern: some StringProtocol) -> Bool {
        guard pattern.contains("*") else { return name == pattern }
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last, name.hasPrefix(first), name.hasSuffix(last),
            name.count >= first.count + last.count
        else { return false }
        var rest = Substring(name.dropFirst(first.count).dropLast(last.count))
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: Substring(piece)) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

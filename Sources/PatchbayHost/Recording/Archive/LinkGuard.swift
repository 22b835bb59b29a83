import PatchbayCore

/// Follows every link of a tree as the kernel would, so that none leads out of it, not even by way of others.
enum LinkGuard {
    /// Throws `.unreadable` with the first link that leaves the tree.
    static func check(_ tree: RecordedTree) throws(Problem) {
        for path in tree.paths {
            guard case .link(let target)? = tree[path] else { continue }
            if isHeldNode(target, at: path) { continue }
            guard !target.isEmpty, !target.hasPrefix("/"), stays(path, in: tree) else {
                throw TarReader.broken("the link \"\(path)\" leads out of it, to \"\(target)\"")
            }
        }
    }

    /// Links that tell where something is, and that nobody follows.
    private static func isHeldNode(_ target: String, at path: String) -> Bool {
        SysfsPath.isTold(path) && target.hasPrefix(SysfsPath.deviceNodes)
    }

    /// Links that run in circles stay: the kernel refuses to follow them.
    private static func stays(_ path: String, in tree: RecordedTree) -> Bool {
        var here: [Substring] = []
        var rest = path.split(separator: "/")[...]
        var hops = 0
        while let part = rest.popFirst() {
            if part == "." { continue }
            if part == ".." {
                guard here.popLast() != nil else { return false }
                continue
            }
            here.append(part)
            guard case .link(let target)? = tree[here.joined(separator: "/")] else { continue }
            hops += 1
            if hops > 40 { return true }
            guard !target.hasPrefix("/") else { return false }
            here.removeLast()
            rest = target.split(separator: "/") + rest
        }
        return true
    }
}

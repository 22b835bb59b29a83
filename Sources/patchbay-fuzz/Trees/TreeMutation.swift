import Foundation
import Glibc

/// The changes of one case, and their way back: what was at a changed path is kept aside and put back afterwards, so
/// that every case starts from the same tree and can be repeated alone.
struct TreeMutation {
    private let root: String
    private let aside: String
    private(set) var changes: [String] = []
    private var done: [Done] = []

    /// What was done, to be taken back in reverse order and in no other: a later change can lead out of the tree.
    private enum Done {
        case kept(path: String, aside: String)
        case added([UInt8])

        func covers(_ other: String) -> Bool {
            guard case .kept(let path, _) = self else { return false }
            return other == path || other.hasPrefix(path + "/")
        }
    }

    /// - Parameters:
    ///   - root: the tree, resolved.
    ///   - aside: an empty directory on the same file system.
    init(root: String, aside: String) {
        self.root = root
        self.aside = aside
    }

    /// Makes some changes to `paths`, which are relative to the root.
    mutating func apply(to paths: TreePaths, _ dice: inout Dice) {
        let count = dice.isOne(in: 12) ? 1 + dice.below(40) : 1 + dice.below(5)
        for _ in 0..<count {
            let path = paths.pick(&dice)
            // What was changed before may now lead out of the tree: nothing below it is touched.
            guard !done.contains(where: { $0.covers(path) }), isInside(path) else { continue }
            change(path, paths, &dice)
        }
    }

    private func isInside(_ path: String) -> Bool {
        let parent = "\(root)/\(path)".split(separator: "/").dropLast().joined(separator: "/")
        return TreeFiles.resolved("/" + parent)?.hasPrefix(root) ?? false
    }

    private mutating func change(_ path: String, _ paths: TreePaths, _ dice: inout Dice) {
        let full = "\(root)/\(path)"
        let kind = TreeFiles.kind(full)
        switch dice.below(20) {
        case 0, 1: replace(path, "removed") { _ in }
        case 2: link(path, paths, &dice)
        case 3 where kind != S_IFDIR:
            replace(path, "a directory") { mkdir($0, 0o755) }
        case 3, 4,
            5 where kind == S_IFDIR:
            add(to: path, paths, &dice)
        case 4 where dice.isOne(in: 8): special(path, &dice)
        case 6, 7, 8, 9, 10, 11:
            guard kind == S_IFREG, let original = TreeFiles.read(full) else { return link(path, paths, &dice) }
            let bytes = Garbage.damaged(original, &dice)
            replace(path, "damaged") { TreeFiles.write($0, bytes) }
        default:
            guard kind == S_IFREG else {
                return kind == S_IFLNK ? link(path, paths, &dice) : add(to: path, paths, &dice)
            }
            let bytes = Garbage.content(&dice)
            replace(path, "garbage") { TreeFiles.write($0, bytes) }
        }
    }

    /// Links to itself, around, to another place of the tree, out of it, to nowhere.
    private mutating func link(_ path: String, _ paths: TreePaths, _ dice: inout Dice) {
        let depth = path.split(separator: "/").count - 1
        let up = String(repeating: "../", count: depth)
        let target: String
        switch dice.below(8) {
        case 0: target = path.lastPathComponent
        case 1: target = ".."
        case 2: target = "/dev/null"
        case 3: target = dice.pick(["/dev/zero", "/", "/etc", "/proc/self", "/nowhere", "/proc/self/mem", "/dev/full"])
        case 4: target = up + String(decoding: Garbage.name(&dice), as: UTF8.self)
        case 5: target = String(repeating: "../", count: depth + 5) + "etc/passwd"
        default: target = up + paths.pick(&dice)
        }
        replace(path, "link to \(target)") { symlink(target, $0) }
    }

    /// What blocks whoever opens it, or seems to have no end.
    private mutating func special(_ path: String, _ dice: inout Dice) {
        switch dice.below(3) {
        case 0: replace(path, "a FIFO") { mkfifo($0, 0o644) }
        case 1:
            let size = [1 << 20, 17 << 20, 1 << 31][dice.below(3)]
            replace(path, "\(size) zero bytes") { TreeFiles.write($0, []) && truncate($0, size) == 0 }
        default:
            let text = Array((dice.pick(["0", "a ", "0-1,", "1 1 0:1 / / rw - ext4 /dev/sda1 rw\n", "\u{1}"])).utf8)
            let bytes = [UInt8]((0..<(200_000 / text.count)).map { _ in text }.joined())
            replace(path, "200 kB") { TreeFiles.write($0, bytes) }
        }
    }

    /// New entries in a directory: files, directories, links to what is elsewhere, under strange names.
    private mutating func add(to path: String, _ paths: TreePaths, _ dice: inout Dice) {
        let count = dice.isOne(in: 300) ? 3000 : 1 + dice.below(3)
        for number in 0..<count {
            var name = count > 100 ? Array("\(number)".utf8) : Garbage.name(&dice)
            if dice.isOne(in: 3) { name = Array(paths.pick(&dice).lastPathComponent.utf8) }
            let new = "\(root)/\(path)".utf8CString.dropLast().map { UInt8(bitPattern: $0) } + [0x2f] + name + [0]
            let target = String(repeating: "../", count: path.split(separator: "/").count) + paths.pick(&dice)
            let choice = dice.below(4)
            let content = Garbage.content(&dice)
            new.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { pointer in
                    guard let name = pointer.baseAddress, access(name, F_OK) != 0, errno == ENOENT else { return }
                    guard make(name, choice, target, content) else { return }
                    done.append(.added(Array(bytes)))
                }
            }
        }
        changes.append("\(path): \(count) new entries")
    }

    private func make(_ name: UnsafePointer<CChar>, _ choice: Int, _ target: String, _ content: [UInt8]) -> Bool {
        switch choice {
        case 0: return mkdir(name, 0o755) == 0
        case 1:
            let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else { return false }
            defer { close(file) }
            return content.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } >= 0
        default: return symlink(target, name) == 0
        }
    }

    /// Keeps what is there and lets something else take its place.
    private mutating func replace<Result>(_ path: String, _ what: String, _ make: (String) -> Result) {
        let full = "\(root)/\(path)"
        let place = "\(aside)/\(done.count)"
        guard rename(full, place) == 0 else { return }
        done.append(.kept(path: path, aside: place))
        changes.append("\(path): \(what)")
        _ = make(full)
    }

    /// Back to the tree as it was. Throws when that cannot be done: then the tree has to be made anew.
    mutating func undo() throws {
        for step in done.reversed() {
            switch step {
            case .added(let name):
                guard Self.unmake(name) else { throw CocoaError(.fileWriteUnknown) }
            case .kept(let path, let place):
                try TreeFiles.remove("\(root)/\(path)")
                guard rename(place, "\(root)/\(path)") == 0 else { throw CocoaError(.fileWriteUnknown) }
            }
        }
        done = []
    }

    private static func unmake(_ name: [UInt8]) -> Bool {
        name.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { pointer in
                guard let name = pointer.baseAddress else { return false }
                return unlink(name) == 0 || rmdir(name) == 0
            }
        }
    }
}

extension String {
    var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }
}

import CPatchbayHost
import PatchbayCore

/// The directory that a host is read from: `/`, or the top of a recorded tree. Paths are relative to it.
///
/// Nothing here throws: an attribute that is absent, unreadable or no text is nil, which is what "the kernel does not
/// say" means everywhere in the inventory.
package final class HostTree: Sendable {
    /// As given by the caller.
    package let root: String
    /// Open for naming only (O_PATH).
    let descriptor: Int32
    package var isLive: Bool { root == "/" }
    /// What readings before had of the firmware; nil: it is read each time.
    let firmware: FirmwareMemory?

    /// Throws `.unreadable` when `root` is not a directory that can be searched.
    package init(root: String, firmware: FirmwareMemory? = nil) throws(Problem) {
        let descriptor = pb_open_directory(pb_current_directory, root)
        guard descriptor >= 0 else {
            throw Problem(
                .unreadable, "Cannot read the directory \"\(root)\".",
                next: [
                    "Use / for this machine, or the top directory of a recorded tree, which holds sys and proc."
                ],
                cause: ErrorNumber.name(-descriptor))
        }
        self.root = root
        self.descriptor = descriptor
        self.firmware = firmware
    }

    deinit { pb_close(descriptor) }

    /// The text of a file of at most 16 MiB, as it is. nil: it is not there or not readable.
    func text(_ path: String) -> String? {
        var content: UnsafeMutablePointer<CChar>?
        let count = ReadingTrouble.looking(at: path) { pb_read_file(descriptor, path, 16 << 20, &content) }
        defer { pb_free(content) }
        guard count >= 0 else { return nil }
        guard let content else { return "" }
        return UnsafeRawBufferPointer(start: content, count: count).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The first bytes of a file that is no text. nil: it is not there or not readable.
    func bytes(_ path: String, atMost count: Int) -> [UInt8]? {
        // Room is made for what is there, not for what might be.
        if count > 64 << 10 { return longBytes(path, atMost: count) }
        var buffer = [UInt8](repeating: 0, count: count)
        let read = ReadingTrouble.looking(at: path) {
            buffer.withUnsafeMutableBytes { pb_read_once(descriptor, path, $0.baseAddress, $0.count) }
        }
        return read < 0 ? nil : Array(buffer.prefix(read))
    }

    private func longBytes(_ path: String, atMost count: Int) -> [UInt8]? {
        var content: UnsafeMutablePointer<CChar>?
        let read = ReadingTrouble.looking(at: path) { pb_read_file(descriptor, path, count, &content) }
        defer { pb_free(content) }
        guard read >= 0 else { return nil }
        return content.map { Array(UnsafeRawBufferPointer(start: $0, count: read)) } ?? []
    }

    /// The first line without blanks around it. nil also when it is empty.
    func line(_ path: String) -> String? {
        guard let text = text(path) else { return nil }
        let line = text.prefix { !$0.isNewline }.trimmingBlanks
        return line.isEmpty ? nil : String(line)
    }

    /// The names in a directory, sorted. nil: there is no such directory.
    func names(_ path: String) -> [String]? {
        guard let listing = ReadingTrouble.looking(at: path, { DirectoryListing(at: descriptor, path) }) else {
            return nil
        }
        var names: [String] = []
        listing.forEach { names.append(String(cString: $0)) }
        return names.sorted()
    }

    /// Paths of a pattern in which a `*` stands for any part of a name, sorted: those before the last `*` are there.
    func paths(_ pattern: String) -> [String] {
        pattern.split(separator: "/").reduce([""]) { paths, part in
            paths.flatMap { path -> [String] in
                let prefix = path.isEmpty ? "" : path + "/"
                guard part.contains("*") else { return [prefix + part] }
                return (names(path.isEmpty ? "." : path) ?? []).filter { TreePath.matches($0, part) }.map {
                    prefix + $0
                }
            }
        }
    }

    /// The target of a link as it is written. nil: no link.
    func link(_ path: String) -> String? { ReadingTrouble.looking(at: path) { Self.link(at: descriptor, path) } }

    /// The text of the first of `paths` that can be read: for files that recordings keep in several places.
    func first(of paths: [String]) -> String? {
        for path in paths {
            if let text = text(path) { return text }
        }
        return nil
    }

    func exists(_ path: String) -> Bool { ReadingTrouble.looking(at: path) { pb_exists(descriptor, path) } == 1 }

    static func link(at directory: Int32, _ path: UnsafePointer<CChar>) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = pb_read_link(directory, path, base, buffer.count)
            return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}

/// Names of errno values.
enum ErrorNumber {
    /// `ENODEV` for 19.
    static func name(_ number: some BinaryInteger) -> String {
        let number = Int32(truncatingIfNeeded: number)
        return pb_error_name(number).map { String(cString: $0) } ?? "errno \(number)"
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends at both ends.
    var trimmingBlanks: SubSequence {
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }

    /// The part behind the last slash.
    var lastComponent: String {
        let slash = UInt8(ascii: "/")
        let bytes = Substring(self).utf8
        guard let last = bytes.lastIndex(where: { $0 != slash }) else { return "" }
        let path = bytes[...last]
        let start = path.lastIndex(of: slash).map { path.index(after: $0) } ?? path.startIndex
        return String(Substring(path[start...]))
    }
}

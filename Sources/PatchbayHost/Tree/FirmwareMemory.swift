import Glibc
import Synchronization

/// EFI variables that were read before: to read one enters the firmware, which may stop the machine for milliseconds.
///
/// `efivarfs` notes when a variable is written; what was not written since need not be read again.
package final class FirmwareMemory: Sendable {
    private struct Stamp: Equatable {
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    private let known = Mutex<[String: (stamp: Stamp, bytes: [UInt8])]>([:])

    package init() {}

    /// nil: it is not there or not readable.
    func bytes(_ path: String, atMost count: Int, in tree: HostTree) -> [UInt8]? {
        guard let stamp = Self.stamp(of: path, in: tree) else { return tree.bytes(path, atMost: count) }
        if let last = known.withLock({ $0[path] }), last.stamp == stamp { return last.bytes }
        guard let bytes = tree.bytes(path, atMost: count) else { return nil }
        known.withLock { $0[path] = (stamp, bytes) }
        return bytes
    }

    private static func stamp(of path: String, in tree: HostTree) -> Stamp? {
        var status = stat()
        guard fstatat(tree.descriptor, path, &status, 0) == 0 else { return nil }
        return Stamp(
            inode: UInt(status.st_ino), size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }
}

extension HostTree {
    /// The bytes of an EFI variable, four of attributes first; from memory where it is as it was.
    func variable(_ path: String, atMost count: Int) -> [UInt8]? {
        guard let firmware else { return bytes(path, atMost: count) }
        return firmware.bytes(path, atMost: count, in: self)
    }
}

import CPatchbayHost
import PatchbayCore

/// Tells "not there" from "nobody could look": a reading that the system kept from looking fails as a whole, so that no
/// device vanishes because files ran out.
///
/// - ENOENT, ENOTDIR, ENODEV, ENXIO, ELOOP, EINVAL and their like when something is opened: it is not there, or it is no
///   such thing. Devices come and go while they are read.
/// - EMFILE, ENFILE, ENOMEM, ENOBUFS, EIO when something is opened, listed or asked: the reading fails. EIO only where a
///   verdict stands on what is opened (`SysfsPath.isOfVerdicts`): a bad block below `/usr` says nothing about devices.
/// - EACCES, EPERM: the reading of functions and groups fails where we are root, to whom nothing of that is closed.
///   Anybody else, and every other part, is told less, and what is not told is never called free.
/// - Errors of `read(2)` on an attribute that could be opened: the attribute says nothing. Drivers answer EINVAL for the
///   `speed` of a network that is down, EIO for the VPD of a card without any, ENODATA, EOPNOTSUPP, and so on.
///
/// Decision: `docs/decisions/0016-not-there-and-not-told.md`.
enum ReadingTrouble {
    /// Does blocking reads on this thread, and on those it starts.
    ///
    /// Throws `.unreadable` when something kept them from looking.
    static func watch<Value>(
        root: String, countsDenied: Bool = false, _ read: () throws(Problem) -> Value
    ) throws(Problem) -> Value {
        pb_forget_trouble()
        let value = try read()
        var trouble = pb_told_trouble()
        if trouble.error != 0 {
            throw problem(root, trouble.error, withUnsafeBytes(of: &trouble.path) { text($0) })
        }
        if countsDenied, trouble.denied != 0 {
            throw problem(root, trouble.denied, withUnsafeBytes(of: &trouble.denied_path) { text($0) })
        }
        return value
    }

    /// Looks at one path, relative to a root.
    static func looking<Value: ~Copyable>(at path: String, _ look: () -> Value) -> Value {
        guard !SysfsPath.isOfVerdicts(path) else { return look() }
        pb_count_bad_blocks(0)
        defer { pb_count_bad_blocks(1) }
        return look()
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func problem(_ root: String, _ error: Int32, _ path: String) -> Problem {
        let name = ErrorNumber.name(error)
        let isOutOfFiles = name == "EMFILE" || name == "ENFILE"
        return Problem(
            .unreadable, "The host below \"\(root)\" cannot be read now: \(path) could not be opened.",
            next: isOutOfFiles
                ? ["Raise the limit of open files: LimitNOFILE= of the service, or ulimit -n", "Then try again."]
                : ["See the kernel's log: dmesg | tail", "Then try again."],
            cause: name)
    }
}

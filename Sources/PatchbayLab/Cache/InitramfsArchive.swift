/// An initial root file system as the kernel takes it: a cpio archive in the "newc" format.
///
/// Source: Documentation/driver-api/early-userspace/buffer-format.rst.
struct InitramfsArchive {
    private(set) var bytes: [UInt8] = []
    private var inode: UInt32 = 0

    mutating func addDirectory(_ path: String) { add(path, mode: 0o040755, []) }

    mutating func addProgram(_ path: String, _ content: [UInt8]) { add(path, mode: 0o100755, content) }

    /// The archive with its trailer; nothing can be added to it any more.
    func finished() -> [UInt8] {
        var copy = self
        copy.inode = 0
        copy.add("TRAILER!!!", mode: 0, [])
        return copy.bytes
    }

    private mutating func add(_ path: String, mode: UInt32, _ content: [UInt8]) {
        inode += 1
        let name = Array(path.utf8) + [0]
        // inode, mode, uid, gid, links, time, size, device, special device, length of the name, checksum
        let fields: [UInt32] = [
            inode, mode, 0, 0, 1, 0, UInt32(content.count), 0, 0, 0, 0, UInt32(name.count), 0,
        ]
        bytes += Array("070701".utf8)
        for field in fields { bytes += Self.hex(field) }
        bytes += name
        pad()
        bytes += content
        pad()
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private static func hex(_ value: UInt32) -> [UInt8] {
        let digits = String(value, radix: 16)
        return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
    }
}

import Glibc

/// What looking at open files costs the kernel: every descriptor of every process listed and read as a link, and nothing
/// kept of it.
enum DescriptorFloor {
    /// - Returns: how many descriptors there were.
    static func run(_ root: String) -> Int {
        var count = 0
        forEachName("\(root)/proc") { _, process in
            guard isDigit(process[0]) else { return }
            forEachName("\(root)/proc/\(String(cString: process))/fd") { folder, name in
                guard isDigit(name[0]) else { return }
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
                    guard let start = text.baseAddress else { return }
                    if readlinkat(folder, name, start, text.count) > 0 { count += 1 }
                }
            }
        }
        return count
    }

    private static func isDigit(_ character: CChar) -> Bool { (0x30...0x39).contains(character) }

    private static func forEachName(_ path: String, _ body: (Int32, UnsafePointer<CChar>) -> Void) {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            withUnsafeBytes(of: &entry.pointee.d_name) { name in
                if let name = name.bindMemory(to: CChar.self).baseAddress { body(dirfd(folder), name) }
            }
        }
    }
}

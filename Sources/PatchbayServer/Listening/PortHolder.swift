import Foundation
import Glibc

/// Who listens at a place that one wanted: `process 812 (patchbay)`.
enum PortHolder {
    /// The process that listens on a TCP port of this machine, as proc(5) tells: the socket's inode in
    /// `/proc/net/tcp`, and the process that has it open. nil: nobody, or a process of somebody else.
    static func find(port: Int) -> String? {
        let inodes = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listening(on: port, in: $0) })
        guard !inodes.isEmpty else { return nil }
        return processes.first { pid in sockets(of: pid).contains { inodes.contains($0) } }.map(words)
    }

    /// The process that called listen(2) at the other end of a unix socket (`SO_PEERCRED`, unix(7)).
    static func peer(of descriptor: Int32) -> String? {
        // `struct ucred`: process, user, group.
        var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout<(Int32, UInt32, UInt32)>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials.pid > 0 else {
            return nil
        }
        return words(Int(credentials.pid))
    }

    /// Inodes of sockets in state `0A`, listening, with the port.
    private static func listening(on port: Int, in file: String) -> [String] {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
                Int(fields[1][fields[1].index(after: colon)...], radix: 16) == port
            else { return nil }
            return String(fields[9])
        }
    }

    private static var processes: [Int] {
        // Without /proc nobody is found.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }.sorted()
    }

    private static func sockets(of pid: Int) -> [String] {
        let folder = "/proc/\(pid)/fd"
        // Those of another user's process cannot be read.
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { name in
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"),
                target.hasPrefix("socket:[")
            else { return nil }
            return String(target.dropFirst("socket:[".count).dropLast())
        }
    }

    private static func words(_ pid: Int) -> String {
        guard let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8) else {
            return "process \(pid)"
        }
        return "process \(pid) (\(name.trimmingCharacters(in: .whitespacesAndNewlines)))"
    }
}

import Glibc
import NIOCore
import PatchbayCore

/// A socket that is bound and listens, and that no program started by the server inherits.
///
/// Made before anything is served, so that a place that is taken is said at once. A unix socket is taken from a server
/// that is dead, never from one that answers, and at the end only the file that was made here is removed.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    private let file: File?
    /// A unix socket.
    var isLocal: Bool { file != nil }

    private struct File: Sendable {
        var path: String
        var device: UInt
        var inode: UInt
    }

    /// Connections that wait to be accepted.
    private static let backlog: Int32 = 256

    /// Throws `.busy` when another process listens there, naming it where the kernel tells.
    static func tcp(host: String, port: Int) throws(Problem) -> ListeningSocket {
        let address: SocketAddress
        do { address = try SocketAddress.makeAddressResolvingHost(host, port: port) } catch {
            throw Problem(
                .malformedInput, "\"\(host)\" is not an address of this machine.",
                next: ["Write HOST:PORT, for example --listen 127.0.0.1:8420"], cause: "\(error)")
        }
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, streamOfOurs, 0)
        guard descriptor >= 0 else { throw failed("\(host):\(port)", errno) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let error = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) == 0 ? 0 : errno }
        guard error == 0, listen(descriptor, backlog) == 0 else {
            let reason = error == 0 ? errno : error
            close(descriptor)
            guard reason == EADDRINUSE else { throw failed("\(host):\(port)", reason) }
            throw Problem(
                .busy, "Port \(port) of \(host) is taken.",
                evidence: PortHolder.find(port: port).map { ["\($0) listens there"] } ?? [],
                next: [NextStep("Stop that program, or choose another port", .serve(.freePort(of: host)))])
        }
        return ListeningSocket(descriptor: descriptor, file: nil)
    }

    /// Throws `.busy` when a server answers at `path`, naming it, or when something that is no socket lies there.
    static func unix(_ path: String) throws(Problem) -> ListeningSocket {
        guard var address = sockaddr_un(path: path) else {
            throw Problem(
                .malformedInput, "The path of the unix socket is longer than 107 bytes: \(path)",
                next: ["Choose a shorter one with --socket PATH."])
        }
        let folder = open(path.parentFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failed(path, errno) }
        // Two servers that start at the same moment look one after the other.
        flock(folder, LOCK_EX)
        defer { close(folder) }
        try clear(path)
        let descriptor = socket(AF_UNIX, streamOfOurs, 0)
        guard descriptor >= 0 else { throw failed(path, errno) }
        guard address.with({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0 else {
            let reason = errno
            close(descriptor)
            throw failed(path, reason)
        }
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw failed(path, errno) }
        return ListeningSocket(
            descriptor: descriptor, file: File(path: path, device: UInt(facts.st_dev), inode: UInt(facts.st_ino)))
    }

    /// Removes the file of a unix socket, if it is still the one that was made here.
    func removeFile() {
        var facts = stat()
        guard let file, lstat(file.path, &facts) == 0, UInt(facts.st_dev) == file.device,
            UInt(facts.st_ino) == file.inode
        else { return }
        unlink(file.path)
    }

    /// Removes the socket of a server that is dead.
    private static func clear(_ path: String) throws(Problem) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFSOCK, var address = sockaddr_un(path: path) else {
            throw Problem(
                .busy, "\(path) is not a socket, so the server does not replace it.",
                next: [NextStep("Choose another path", .serve(.socket))])
        }
        let descriptor = socket(AF_UNIX, streamOfOurs, 0)
        guard descriptor >= 0 else { throw failed(path, errno) }
        defer { close(descriptor) }
        // EAGAIN: somebody listens, and has not accepted for a while.
        let reason = address.with { connect(descriptor, $0, $1) } == 0 ? 0 : errno
        switch reason {
        case ECONNREFUSED: unlink(path)
        case ENOENT: return
        case 0, EAGAIN:
            let holder = PortHolder.peer(of: descriptor)
            throw Problem(
                .busy, "Another server already listens at \(path).",
                evidence: holder.map {
                    ["\($0) listens there"]
                } ?? [],
                next: [NextStep("Stop that server, or choose another path", .serve(.socket))])
        default: throw failed(path, reason)
        }
    }

    private static var streamOfOurs: Int32 {
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    }

    private static func failed(_ place: String, _ error: Int32) -> Problem {
        Problem(
            .failed, "The server cannot listen at \(place).",
            next: [
                error == EACCES
                    ? "Run it as root, or choose another place with --listen HOST:PORT and --socket PATH."
                    : "Choose another place with --listen HOST:PORT and --socket PATH."
            ], cause: String(cString: strerror(error)))
    }
}

extension sockaddr_un {
    /// nil: the path is too long for one.
    fileprivate init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: sun_path) else { return nil }
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: bytes) }
    }

    fileprivate mutating func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &self) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension String {
    fileprivate var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}

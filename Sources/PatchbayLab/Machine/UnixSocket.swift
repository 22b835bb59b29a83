import Foundation
import Glibc
import PatchbayCore

/// A connected unix stream socket with deadlines; its calls block, so they run on threads of their own.
final class UnixSocket {
    let descriptor: Int32

    /// Throws `.failed` when nobody listens at `path`, or when it is longer than a socket's address may be.
    init(connectedTo path: String) throws(Problem) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else {
            throw Problem(
                .failed, "The path \(path) is too long for a socket.",
                next: ["Choose a state directory with a shorter path:  patchbay lab up --state DIR"])
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("Cannot make a socket.", errno: errno) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard code == 0 else { throw .system("Cannot connect to \(path).", errno: errno) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws(Problem) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("The emulated host does not listen any more.", errno: errno) }
            sent += count
        }
    }

    /// What has arrived, at least one byte; nil: nothing did before the deadline, or the other side has closed.
    func receive(until deadline: ContinuousClock.Instant) throws(Problem) -> [UInt8]? {
        while true {
            let left = deadline - .now
            guard left > .zero else { return nil }
            let milliseconds = min(left / .milliseconds(1), 3_600_000)
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32(milliseconds.rounded(.up)))
            if ready < 0, errno != EINTR { throw .system("Cannot wait for the emulated host.", errno: errno) }
            guard ready > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let got = recv(descriptor, &chunk, chunk.count, 0)
            if got < 0, errno == EINTR { continue }
            return got > 0 ? Array(chunk[..<got]) : nil
        }
    }
}

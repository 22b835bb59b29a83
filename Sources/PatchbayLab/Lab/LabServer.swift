import Foundation
import Glibc
import PatchbayCore

/// The Patchbay server of a lab: an ordinary `patchbay serve` on this machine's loopback, without an agent.
package struct LabServer: Sendable {
    package let directory: String

    package var log: String { "\(directory)/serve.log" }
    package var tokenFile: String { "\(directory)/token" }
    package var socket: String { "\(directory)/patchbay.sock" }
    private var processFile: String { "\(directory)/serve.process" }
    private var portFile: String { "\(directory)/port" }

    /// nil: not running.
    package var process: ProcessRecord? {
        ProcessRecord(file: processFile).flatMap { $0.isRunning ? $0 : nil }
    }

    /// nil: never started.
    package var port: Int? {
        guard let bytes = FileManager.default.contents(atPath: portFile) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    /// The dashboard, and what clients on this machine use.
    package var url: String? { port.map { "http://127.0.0.1:\($0)" } }

    package var token: String? {
        guard let bytes = FileManager.default.contents(atPath: tokenFile) else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What emulated hosts call this machine (QEMU's user network).
    static let nameForHosts = "10.0.2.2"

    /// Starts it and waits until it listens and has written its token. Nothing when it runs.
    ///
    /// Once it had a port it gets the same one again, because the hosts' agents know no other.
    func start(binary: String, within limit: Duration = .seconds(120)) async throws(Problem) {
        guard process == nil else { return }
        try FileManager.default.make(directory)
        let port = if let port { port } else { try Self.freePort() }
        let log = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [log, nothing] { close(descriptor) } }
        guard log >= 0, nothing >= 0 else { throw .system("Cannot write \(self.log).", errno: errno) }
        let pid = try Spawn(
            arguments: [
                binary, "serve", "--listen", "127.0.0.1:\(port)", "--state", directory, "--socket", socket,
                "--no-agent", "--name", Self.nameForHosts,
            ], input: nothing, output: log, errors: log
        ).start()
        guard let record = ProcessRecord(pid: pid) else { throw died() }
        try record.write(to: processFile)
        try FileManager.default.write(Array("\(port)".utf8), to: portFile)
        let deadline = ContinuousClock.now + limit
        while !(Self.listens(on: port) && token != nil) {
            guard record.isRunning, ContinuousClock.now < deadline else { throw died() }
            do { try await Task.sleep(for: .milliseconds(50)) } catch {
                throw Problem(.interrupted, "Nobody waits for the lab's server any more.")
            }
        }
    }

    func stop() async throws(Problem) {
        guard let process else { return }
        process.signal(SIGTERM)
        if await process.hasEnded(within: .seconds(15)) { return }
        process.signal(SIGKILL)
        guard await process.hasEnded(within: .seconds(5)) else {
            throw Problem(.failed, "The lab's server, process \(process.pid), does not end.")
        }
    }

    private func died() -> Problem {
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return Problem(
            .failed, "The lab's server did not start.",
            evidence: text.split(separator: "\n").suffix(8).map(String.init), next: ["Its log is \(log)."])
    }

    /// A port that was free a moment ago.
    private static func freePort() throws(Problem) -> Int {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, size) == 0 ? getsockname(descriptor, raw, &size) : -1
            }
        }
        guard code == 0 else { throw .system("Cannot find a free port.", errno: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func listens(on port: Int) -> Bool {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                connect(descriptor, raw, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}

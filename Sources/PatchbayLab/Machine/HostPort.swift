import Foundation
import PatchbayCore

/// One of the ports through which commands reach an emulated host; it works with the network gone and udev dead.
enum HostPort {
    /// Where what a command prints goes, as it comes.
    package typealias Sink = @Sendable (_ isError: Bool, _ bytes: [UInt8]) -> Void

    /// Runs one command on a port that nobody else uses, and waits for its end.
    ///
    /// - Parameter limit: the command is killed in the host when it is over, and its status is 124.
    /// - Returns: its exit status; 128 + n when signal n ended it.
    /// - Throws: `.unreachable` kinds when the host does not answer within `patience`; `.failed` when it stops answering.
    static func run(
        _ arguments: [String], input: [UInt8], in files: HostFiles, limit: Duration, patience: Duration,
        sink: @escaping Sink
    ) async throws(Problem) -> Int32 {
        try await offload { () -> Result<Int32, Problem> in
            do throws(Problem) {
                let started = ContinuousClock.now
                let (number, lock) = try free(in: files, until: started + limit + patience)
                defer { withExtendedLifetime(lock) {} }
                let channel = try greet(files.portSocket(number), until: .now + patience)
                guard let status = try channel.run(arguments, input: input, limit: limit, sink: sink) else {
                    throw Problem(
                        .agentUnreachable,
                        "The emulated host stopped while it ran \"\(arguments.joined(separator: " "))\".",
                        next: ["See what its kernel said last: \(files.lab.command("logs"))"])
                }
                return .success(status)
            } catch {
                return .failure(error)
            }
        }
    }

    private static func free(
        in files: HostFiles, until deadline: ContinuousClock.Instant
    ) throws(Problem) -> (Int, FileLock) {
        while true {
            for number in 0..<HostLaunch.ports {
                if let lock = try FileLock(path: files.portLock(number)) { return (number, lock) }
            }
            guard ContinuousClock.now < deadline else {
                throw Problem(.busy, "Every port of the emulated host is in use by another command.")
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    /// Connects and waits until the host answers our greeting, so that nothing left from an earlier command is taken for ours.
    private static func greet(_ path: String, until deadline: ContinuousClock.Instant) throws(Problem) -> Channel {
        while true {
            let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
            let channel = try Channel(path: path)
            try channel.socket.send(PortFrame(kind: .hello, payload: nonce).bytes)
            let patience = min(deadline, .now + .seconds(3))
            while let frame = try channel.next(until: patience) {
                if frame == PortFrame(kind: .helloBack, payload: nonce) { return channel }
            }
            guard ContinuousClock.now < deadline else {
                throw Problem(.agentUnreachable, "The emulated host does not answer on \(path).")
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}

/// An open port, after the greeting.
private final class Channel {
    let socket: UnixSocket
    private var buffer: [UInt8] = []

    init(path: String) throws(Problem) { socket = try UnixSocket(connectedTo: path) }

    func next(until deadline: ContinuousClock.Instant) throws(Problem) -> PortFrame? {
        while true {
            if let frame = PortFrame.take(from: &buffer) { return frame }
            guard let bytes = try socket.receive(until: deadline) else { return nil }
            buffer += bytes
        }
    }

    /// nil: the host stopped before the command had ended.
    func run(
        _ arguments: [String], input: [UInt8], limit: Duration, sink: HostPort.Sink
    ) throws(Problem) -> Int32? {
        let seconds = UInt32(clamping: limit.components.seconds)
        try socket.send(PortFrame.run(arguments, seconds: seconds).bytes)
        // The host keeps the limit; this one only notices a host that has stopped altogether.
        let deadline = ContinuousClock.now + limit + .seconds(60)
        for start in stride(from: 0, to: input.count, by: 16384) {
            let chunk = Array(input[start..<min(start + 16384, input.count)])
            try socket.send(PortFrame(kind: .input, payload: chunk).bytes)
        }
        try socket.send(PortFrame(kind: .input, payload: []).bytes)
        while let frame = try next(until: deadline) {
            switch frame.kind {
            case .output: sink(false, frame.payload)
            case .errors: sink(true, frame.payload)
            case .exit: return Int32(bitPattern: frame.number)
            case .hello, .helloBack, .run, .input: continue
            }
        }
        return nil
    }
}

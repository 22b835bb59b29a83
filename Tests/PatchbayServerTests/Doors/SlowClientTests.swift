import Foundation
import Glibc
import Hummingbird
import Logging
import NIOCore
import PatchbayCore
import Testing

@testable import PatchbayServer

/// A listener with few places and little patience, before clients that are slow, or many.
@Suite(.timeLimit(.minutes(10))) struct `Slow clients` {
    private static let bodyBytes = 48 << 20

    /// `/large` is answered with 48 MiB at once, `/stream` with as many in parts, `/upload` signals that its head came and tells
    /// how long its body was.
    private static func responder(_ uploads: DispatchSemaphore) -> RouterResponder<PatchbayContext> {
        let router = Router(context: PatchbayContext.self)
        let body = ByteBuffer(repeating: 0x61, count: bodyBytes)
        router.get("/large") { _, _ in Response(status: .ok, body: .init(byteBuffer: body)) }
        router.get("/stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<48 { try await writer.write(ByteBuffer(repeating: 0x61, count: bodyBytes / 48)) }
                    try await writer.finish(nil)
                })
        }
        router.get("/small") { _, _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "small"))) }
        router.post("/upload") { request, _ in
            uploads.signal()
            let body = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "\(body.readableBytes) bytes")))
        }
        return router.buildResponder()
    }

    /// Runs the clients on a thread of their own, where they may wait as they like.
    private func inside<Seen: Sendable>(
        connections: Int, answer: TimeAmount = .seconds(60),
        _ clients: @escaping @Sendable (_ port: Int, _ uploads: DispatchSemaphore) throws -> Seen
    ) async throws -> Seen {
        var limits = ConnectionLimits(connections: connections)
        limits.answer = answer
        // Longer than a test takes on a busy machine: none is about it.
        limits.body = .seconds(120)
        let uploads = DispatchSemaphore(value: 0)
        let listener = Listener(
            try .tcp(host: "127.0.0.1", port: 0), limits, Self.responder(uploads),
            Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let (seen, tell) = AsyncStream<Result<Seen, any Error>>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await listener.run { channel in
                    let port = channel.localAddress?.port ?? 0
                    Thread.detachNewThread { tell.yield(Result { try clients(port, uploads) }) }
                }
            }
            var result: Result<Seen, any Error>?
            for await value in seen {
                result = value
                break
            }
            tasks.cancelAll()
            do { try await tasks.waitForAll() } catch is CancellationError {}
            return try #require(result).get()
        }
    }

    private static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" }

    /// Somebody who comes now is served, perhaps at another try. A try ends when it is answered or closed: those that gave up
    /// would go on waiting for their answers, and take places, where the machine is busy.
    private static func isOpen(_ port: Int) -> Bool {
        (0..<20).contains { _ in
            let other = try? RawConnection(port: port)
            other?.say(get("/small"))
            return other?.status(seconds: 60) == 200
        }
    }

    @Test func `get a large answer whole when they go on reading it`() async throws {
        let bytes = try await inside(connections: 16, answer: .milliseconds(600)) { port, _ in
            let reader = try RawConnection(port: port, receiveBuffer: 256 << 10)
            reader.say(Self.get("/large"))
            // Three times as long as nothing may be taken.
            return reader.read(Self.bodyBytes, over: .milliseconds(1800))
        }
        #expect(bytes >= Self.bodyBytes)
    }

    @Test func `are cut when they read nothing`() async throws {
        let isCut = try await inside(connections: 16, answer: .milliseconds(300)) { port, _ in
            let reader = try RawConnection(port: port)
            reader.say(Self.get("/large"))
            // Its first bytes, then nothing.
            return reader.status(seconds: 60) == 200 && reader.isClosed(byPort: port, within: .seconds(60))
        }
        #expect(isCut)
    }

    @Test func `that read nothing keep nobody out`() async throws {
        let isOpen = try await inside(connections: 8) { port, _ in
            let silent = try (0..<8).map { _ in
                let reader = try RawConnection(port: port, receiveBuffer: 256 << 10)
                reader.say(Self.get("/stream"))
                _ = reader.status(seconds: 60)
                return reader
            }
            return withExtendedLifetime(silent) { Self.isOpen(port) }
        }
        #expect(isOpen)
    }

    @Test func `that send a body are not closed for those that only connect`() async throws {
        let answer = try await inside(connections: 8) { port, uploads in
            let upload = try RawConnection(port: port)
            upload.say("POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n12345")
            _ = uploads.wait(timeout: .now() + 20)
            let silent = try (0..<24).map { _ in try RawConnection(port: port) }
            // All that came before have their places by then, or have lost them.
            let isOpen = withExtendedLifetime(silent) { Self.isOpen(port) }
            upload.say("67890")
            return isOpen ? upload.hear(seconds: 60) : "nobody is served"
        }
        #expect(answer.hasSuffix("10 bytes"))
    }
}

extension RawConnection {
    /// Reads evenly, so that `count` bytes take `duration`.
    ///
    /// - Returns: how many bytes came until there were `count`, or the server closed.
    fileprivate func read(_ count: Int, over duration: Duration) -> Int {
        let start = ContinuousClock.now
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var total = 0
        while total < count {
            // A pace, not a wait for something.
            if Double(total) > start.duration(to: .now) / duration * Double(count) { poll(nil, 0, 5) }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 60_000) > 0 else { return total }
            let more = recv(descriptor, &buffer, buffer.count, 0)
            guard more > 0 else { return total }
            total += more
        }
        return total
    }

    /// True when the other side closes it, though nothing is read (the state in `/proc/net/tcp`; 01: established).
    fileprivate func isClosed(byPort port: Int, within limit: Duration) -> Bool {
        var mine = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &mine) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        let ends = [port, Int(UInt16(bigEndian: mine.sin_port))].map { ":" + UInt16($0).hex(4).uppercased() }
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let lines = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
            let states = lines.split(separator: "\n").map { $0.split(separator: " ") }
                .filter { $0.count > 3 && $0[1].hasSuffix(ends[0]) && $0[2].hasSuffix(ends[1]) }.map { $0[3] }
            if states != ["01"] { return true }
            poll(nil, 0, 5)
        }
        return false
    }
}

import CLibvirt
import PatchbayCore
import PatchbayHost
import Synchronization

/// An open serial console: a libvirt stream that never blocks, served by the event loop's thread.
///
/// Output waits in memory for its reader, the newest 16 MiB of it.
final class LibvirtConsole: ConsoleChannel, @unchecked Sendable {
    /// Unchecked: the stream's own lock guards the calls; what changes is in `state`.
    private let calls: patchbay_libvirt
    private let stream: OpaquePointer
    /// Kept open as long as the stream.
    private let connection: LibvirtConnection
    private let worker: LibvirtWorker
    private let name: String
    private let state = Mutex(State())

    let output: AsyncStream<[UInt8]>
    private let continuation: AsyncStream<[UInt8]>.Continuation

    private struct State {
        var unsent: [UInt8] = []
        var isClosed = false
    }

    /// `virStreamEventType`
    private enum Event {
        static let readable: Int32 = 1
        static let writable: Int32 = 2
        static let error: Int32 = 4
        static let hangUp: Int32 = 8
    }

    private static let chunk = 4096
    private static let wouldBlock: Int32 = -2
    private static let unsentLimit = 1 << 20

    /// Blocks until the daemon has connected it.
    init(_ domain: LibvirtDomain, of connection: LibvirtConnection, worker: LibvirtWorker) throws {
        calls = connection.calls
        self.connection = connection
        self.worker = worker
        name = domain.name
        let nonBlocking: UInt32 = 1  // VIR_STREAM_NONBLOCK
        guard let stream = calls.virStreamNew(connection.pointer, nonBlocking) else { throw LibvirtError(last: calls) }
        self.stream = stream
        (output, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
        try domain.openConsole(stream)
        let retained = Unmanaged.passRetained(self)
        let added = calls.virStreamEventAddCallback(
            stream, Event.readable | Event.error | Event.hangUp,
            { _, events, opaque in LibvirtConsole.from(opaque)?.happened(events) },
            retained.toOpaque(),
            { opaque in if let opaque { Unmanaged<LibvirtConsole>.fromOpaque(opaque).release() } })
        guard added >= 0 else {
            let error = LibvirtError(last: calls)
            retained.release()
            throw error
        }
        // libvirt does not wake a stream when its connection breaks.
        let events = connection.lifecycle.events()
        let untilDisconnected = Task { [weak self] in
            for await _ in events {}
            self?.finish()
        }
        continuation.onTermination = { [weak self] _ in
            untilDisconnected.cancel()
            self?.finish()
        }
    }

    deinit { _ = calls.virStreamFree(stream) }

    func send(_ bytes: [UInt8]) async throws(Problem) {
        let refusal: Problem? = state.withLock { state in
            if state.isClosed { return Problem(.wrongState, "The console of \(name) is closed.") }
            guard state.unsent.count + bytes.count <= Self.unsentLimit else {
                return Problem(.busy, "The guest \(name) does not read input from its console.")
            }
            state.unsent += bytes
            listen(Event.readable | Event.writable)
            return nil
        }
        if let refusal { throw refusal }
    }

    func close() async {
        guard takeClosing() else { return }
        await withCheckedContinuation { done in
            worker.later {
                self.leave()
                done.resume()
            }
        }
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> LibvirtConsole? {
        opaque.map { Unmanaged<LibvirtConsole>.fromOpaque($0).takeUnretainedValue() }
    }

    /// On the event loop's thread.
    private func happened(_ events: Int32) {
        if events & Event.readable != 0, !receive() { return finish() }
        if events & Event.writable != 0, !sendUnsent() { return finish() }
        if events & (Event.error | Event.hangUp) != 0 { finish() }
    }

    /// - Returns: false at the end of the stream.
    private func receive() -> Bool {
        var buffer = [CChar](repeating: 0, count: Self.chunk)
        while true {
            let count = calls.virStreamRecv(stream, &buffer, buffer.count)
            if count == Self.wouldBlock { return true }
            guard count > 0 else { return false }
            continuation.yield(buffer[..<Int(count)].map(UInt8.init(bitPattern:)))
        }
    }

    /// - Returns: false when the stream is broken.
    private func sendUnsent() -> Bool {
        while true {
            let next = state.withLock { state in
                // Decided with the lock held, so that a send right now cannot be forgotten.
                if state.unsent.isEmpty { listen(Event.readable) }
                return state.unsent.prefix(Self.chunk).map(CChar.init(bitPattern:))
            }
            if next.isEmpty { return true }
            let count = calls.virStreamSend(stream, next, next.count)
            if count == Self.wouldBlock { return true }
            guard count > 0 else { return false }
            state.withLock { $0.unsent.removeFirst(Int(count)) }
        }
    }

    private func listen(_ events: Int32) {
        _ = calls.virStreamEventUpdateCallback(stream, events | Event.error | Event.hangUp)
    }

    /// The guest, the daemon or the reader ended it. The goodbye waits for the daemon, so not on the event loop's thread.
    private func finish() {
        guard takeClosing() else { return }
        continuation.finish()
        worker.later { self.leave() }
    }

    /// - Returns: true for the first who wants to close it.
    private func takeClosing() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    private func leave() {
        _ = calls.virStreamEventRemoveCallback(stream)
        _ = calls.virStreamAbort(stream)
        continuation.finish()
    }
}

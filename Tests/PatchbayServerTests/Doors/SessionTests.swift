import Foundation
import Logging
import PatchbayCore
import PatchbayStore
import Testing

@testable import PatchbayServer

@Suite struct `Sessions of browsers` {
    private typealias StubbornStore = `A store that takes nothing`.StubbornStore
    private static let garbage = Array("garbage".utf8)

    private func access(_ store: any Store, _ time: ManualTime = ManualTime()) -> Access {
        Access(token: Door.token, store: store, now: { time.now })
    }

    @Test func `begin and go on in this process while nothing can be written`() async throws {
        let (store, time) = (StubbornStore(), ManualTime())
        let access = access(store, time)
        await store.set(isFull: true)
        let session = try #require(await access.startSession(token: Door.token))
        #expect(await access.caller(session: session) == "token admin")
        // Its last use would be written down now.
        time.pass(seconds: 3600)
        #expect(await access.caller(session: session) == "token admin")
        await access.endSession(session)
        #expect(await access.caller(session: session) == nil)
    }

    @Test func `that are open stay so when the disk becomes full`() async throws {
        let (store, time) = (StubbornStore(), ManualTime())
        let access = access(store, time)
        let session = try #require(await access.startSession(token: Door.token))
        await store.set(isFull: true)
        time.pass(seconds: 3600)
        #expect(await access.caller(session: session) == "token admin")
        // What is in the store still is not believed again, and goes as soon as something can be written.
        await access.endSession(session)
        #expect(await access.caller(session: session) == nil)
        await store.set(isFull: false)
        _ = await access.startSession(token: Door.token)
        #expect(try await store.get(StateKey.session(SHA256.hash(of: session))) == nil)
    }

    @Test func `that are not kept are said once, and that they are again`() async throws {
        let (store, said) = (StubbornStore(), Said())
        let logger = Logger(label: "test", factory: { _ in said })
        let access = Access(token: Door.token, store: store, logger: logger, now: { 0 })
        await store.set(isFull: true)
        for _ in 0..<3 {
            _ = await access.startSession(token: Door.token)
            // Reading goes on while nothing can be written.
            #expect(await access.caller(session: "unknown") == nil)
        }
        await store.set(isFull: false)
        for _ in 0..<3 { _ = await access.startSession(token: Door.token) }
        #expect(said.lines == ["sessions cannot be saved: they end with this process", "sessions can be saved again"])
    }

    @Test func `are opened though one that is stored cannot be read, and that one is gone then`() async throws {
        let store = MemoryStore()
        for text in ["garbage", "{\"version\":99,\"value\":{}}"] {
            let key = StateKey.session("one")
            _ = try await store.commit([.put(key, Array(text.utf8))], if: [])
            let access = access(store)
            let session = try #require(await access.startSession(token: Door.token))
            #expect(await access.caller(session: session) == "token admin")
            #expect(await store.get(key) == nil)
        }
    }

    @Test func `that cannot be read are none`() async throws {
        let store = MemoryStore()
        let first = access(store)
        let session = try #require(await first.startSession(token: Door.token))
        let key = StateKey.session(SHA256.hash(of: session))
        _ = try await store.commit([.put(key, Self.garbage)], if: [])
        // The server has started again since.
        let second = access(store)
        #expect(await second.caller(session: session) == nil)
        #expect(await store.get(key) == nil)
    }
}

/// What was logged, in order.
private final class Said: LogHandler, @unchecked Sendable {
    private let lock = NSLock()
    private var all: [String] = []
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    var lines: [String] { lock.withLock { all } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lock.withLock { all.append("\(event.message)") } }
}

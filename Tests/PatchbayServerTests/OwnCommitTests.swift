import PatchbayCore
import PatchbayStore
import PatchbayTesting
import Testing

@testable import PatchbayServer

@Suite struct `What a server is just writing` {
    @Test func `is not decoded where the store tells it before the commit has come back`() async throws {
        let plane = ControlPlane.forTest(MemoryStore())
        let key = StateKey.pool("gpus")
        var commit = Commit()
        try commit.put(key, Pool(name: "gpus"))
        let bytes = try #require(commit.writes.first.flatMap { if case .put(_, let bytes) = $0 { bytes } else { nil } })
        let echo = StoreChange(revision: 7, key: key, value: bytes)
        let number = await plane.view.writing(commit)
        #expect(await plane.view.withValue(echo).written as? Pool == Pool(name: "gpus"))
        // Another server wrote something else there, or took it away.
        for value in [Array("{}".utf8), nil] {
            #expect(await plane.view.withValue(StoreChange(revision: 8, key: key, value: value)).written == nil)
        }
        #expect(await plane.view.withValue(StoreChange(revision: 9, key: "pools/x", value: bytes)).written == nil)
        await plane.view.wrote(number, .success(nil), ending: [], at: 0)
        #expect(await plane.view.withValue(echo).written == nil)
    }
}

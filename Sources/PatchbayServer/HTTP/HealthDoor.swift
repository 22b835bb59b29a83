import HTTPTypes
import Hummingbird
import PatchbayCore
import PatchbayStore

/// `/healthz`: 200 when the store answers and the server decides, 503 otherwise. Open to everybody; says nothing else.
struct HealthDoor: Sendable {
    static let path = "/healthz"
    let control: ControlPlane

    func add(to router: Router<PatchbayContext>) {
        router.get(RouterPath(Self.path)) { _, _ in
            Response(status: await control.isWell() ? .ok : .serviceUnavailable, headers: [.cacheControl: "no-store"])
        }
    }
}

extension ControlPlane {
    private static let healthPatience = Duration.seconds(2)

    /// Reads the store and comes through where decisions are made, within two seconds.
    func isWell() async -> Bool {
        let (answers, answer) = AsyncStream.makeStream(of: Bool.self)
        let question = Task {
            do throws(Problem) {
                _ = try await store.get(StateKey.notice)
                answer.yield(try await deciding { _ throws(Problem) in Decision(answer: true, commit: nil) })
            } catch { answer.yield(false) }
        }
        let alarm = Task {
            try await Task.sleep(for: Self.healthPatience)
            answer.yield(false)
        }
        defer {
            question.cancel()
            alarm.cancel()
        }
        for await isWell in answers { return isWell }
        return false
    }
}

import PatchbayCore
import PatchbayHost

extension LibvirtHypervisor {
    /// The first element says that it listens now; what happened before is to be read.
    package func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let link = link
        let listening = Task {
            defer { continuation.finish() }
            // No connection: the stream ends, which is what the caller waits for; the reason comes with its next question.
            guard let events = try? await link.connected().lifecycle.events() else { return }
            continuation.yield()
            for await _ in events { continuation.yield() }
        }
        continuation.onTermination = { _ in listening.cancel() }
        return stream
    }

    package func openConsole(of name: String) async throws(Problem) -> any ConsoleChannel {
        let worker = questions
        return try await change("The console of \(name) could not be opened.", on: worker) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else {
                throw Problem(
                    .wrongState, "\(name) is not running, so it has no console.",
                    next: [NextStep("Start it", .startVM(name))])
            }
            do {
                return try LibvirtConsole(domain, of: connection, worker: worker)
            } catch let error as LibvirtError where error.code == .operationFailed {
                throw error.problem(.busy, "Another program has the console of \(name) open.")
            }
        }
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    /// The answer's body is what the guest prints; its header names the session that takes what is typed.
    package func openConsole(_ name: String) async throws(Problem) -> API.Console {
        let response = try await open(
            ClientRequest(Endpoints.vms.console, [name]), headers: ["accept": "application/octet-stream"],
            mayBeSilent: true)
        guard let session = response.headers.first(name: "patchbay-session") else {
            throw Problem(
                .unreadable, "The server opened the console of \(name) without naming the session.",
                next: ["Check that client and server have the same version:  patchbay version"])
        }
        let (output, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let reader = Task {
            do {
                for try await buffer in response.body { continuation.yield(Array(buffer: buffer)) }
                continuation.finish()
            } catch {
                continuation.finish(
                    throwing: Task.isCancelled ? nil : Problem(transport: error, address: address))
            }
        }
        continuation.onTermination = { _ in reader.cancel() }
        return API.Console(
            output: output,
            send: { (bytes) async throws(Problem) in
                try await ask(Endpoints.vms.consoleInput, name, session, body: bytes)
            },
            close: {
                // The session may be gone already: the guest has stopped, or the server has.
                try? await ask(Endpoints.vms.consoleClose, name, session)
                reader.cancel()
            })
    }
}

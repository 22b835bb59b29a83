import PatchbayCore
import PatchbayHost

/// A serial console in memory: what the guest prints after it was opened, and every typed byte echoed.
package final class SimulatedConsole: ConsoleChannel {
    package let output: AsyncStream<[UInt8]>
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private let onClose: @Sendable () async -> Void

    init(onClose: @escaping @Sendable () async -> Void) {
        (output, continuation) = AsyncStream.makeStream()
        self.onClose = onClose
    }

    package func send(_ bytes: [UInt8]) async throws(Problem) { show(bytes) }

    package func close() async {
        end()
        await onClose()
    }

    func show(_ bytes: [UInt8]) { continuation.yield(bytes) }
    func end() { continuation.finish() }
}

extension SimulatedHypervisor {
    package func consoleLog(of name: String) async throws(Problem) -> [UInt8] {
        if let outage { throw outage }
        return try guest(name).log
    }

    package func openConsole(of name: String) async throws(Problem) -> any ConsoleChannel {
        if let outage { throw outage }
        let guest = try guest(name)
        guard guest.domain.state == .running else { throw Self.wrongState(name, "is off, so it has no console") }
        guard guest.console == nil else {
            throw Problem(
                .busy, "Somebody has the console of VM \(name) open.", next: ["Close that one, then try again."])
        }
        let console = SimulatedConsole { [weak self] in await self?.forgetConsole(of: name) }
        guests[name]?.console = console
        return console
    }

    /// The guest prints.
    package func print(_ bytes: [UInt8], from name: String) {
        guests[name]?.log += bytes
        guests[name]?.console?.show(bytes)
    }

    private func forgetConsole(of name: String) { guests[name]?.console = nil }
}

import Foundation
import PatchbayAPI
import PatchbayCLI
import PatchbayClient
import PatchbayCore
import Synchronization

/// One run of `patchbay` without a process: words in, text and exit code out.
struct Session {
    var service = FakeService()
    var environment = ["LANG": "C.UTF-8"]
    var isTerminal = false
    var width = 100
    /// What a person answers to questions; nil: nobody is there.
    var answer: String?
    /// Pauses of this many seconds end at once; all others only with their task.
    var expiredPauses: Set<Int> = []
    var keys: [[UInt8]] = []
    /// What standard input holds.
    var input = ""
    var interrupts = false

    struct Outcome {
        var status: Int32
        var output: String
        var talk: String
        var addresses: [ServerAddress]
    }

    func run(_ words: String...) async -> Outcome { await run(words) }

    func run(_ words: [String]) async -> Outcome {
        let log = Log()
        let status = await CLI.run(PatchbayCommand.self, surroundings: surroundings(words, log))
        return Outcome(status: status, output: log.output, talk: log.talk, addresses: log.addresses)
    }

    private func surroundings(_ words: [String], _ log: Log) -> Surroundings {
        let (answer, expired, keys, interrupts, service) = (answer, expiredPauses, keys, interrupts, service)
        let input = Array(input.utf8)
        return Surroundings(
            arguments: words, environment: environment,
            terminal: TerminalFacts(
                isInputTerminal: answer != nil, isOutputTerminal: isTerminal, isErrorTerminal: isTerminal, width: width),
            write: { log.write($0) }, talk: { log.talk($0) },
            ask: { question in
                log.talk(question)
                return answer
            },
            now: { Fleet.now },
            pause: { duration in
                if expired.contains(Int(duration.components.seconds)) { return }
                // Ends with the task: nothing here depends on the clock.
                let (never, continuation) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                continuation.finish()
                throw CancellationError()
            },
            interrupts: {
                AsyncStream { continuation in if interrupts { continuation.yield() } }
            },
            keyboard: { () throws(Problem) in
                let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
                for key in keys { continuation.yield(key) }
                return Keyboard(keys: stream) { log.talk("<restored>") }
            },
            input: { input },
            connect: { address, _, _ in
                log.connected(to: address)
                return service
            })
    }

    /// What a run has said so far.
    private final class Log: Sendable {
        private let state = Mutex((output: [UInt8](), talk: "", addresses: [ServerAddress]()))
        func write(_ bytes: [UInt8]) { state.withLock { $0.output += bytes } }
        func talk(_ text: String) { state.withLock { $0.talk += text } }
        func connected(to address: ServerAddress) { state.withLock { $0.addresses.append(address) } }
        var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
        var talk: String { state.withLock { $0.talk } }
        var addresses: [ServerAddress] { state.withLock { $0.addresses } }
    }
}

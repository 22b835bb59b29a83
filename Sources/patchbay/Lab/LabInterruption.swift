import PatchbayCore
import UnixSignals

/// Lets Ctrl-C end a long command in order: its work is cancelled, and takes down what it has started.
enum LabInterruption {
    static func watching(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task(operation: work)
        let watch = Task {
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { task.cancel() }
        }
        defer { watch.cancel() }
        try await task.value
    }
}

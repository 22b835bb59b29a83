import CPatchbayHost
import PatchbayCore

/// One `write(2)` to a kernel attribute, done by a process of its own that can be left behind.
struct AttributeWrite: Sendable {
    enum Outcome: Sendable {
        case done
        /// An errno value.
        case refused(Int)
        /// The deadline passed; the process is still in the kernel.
        case underWay(writer: Int32)
    }

    var path: String
    var text: String
    var deadlineMilliseconds: Int32

    func perform() async -> Outcome {
        await withCheckedContinuation { continuation in
            do throws(Problem) {
                try BlockingThread.start { continuation.resume(returning: write()) }
            } catch {
                continuation.resume(returning: .refused(11))  // EAGAIN
            }
        }
    }

    private func write() -> Outcome {
        var writer: Int32 = 0
        let result = pb_write_with_deadline(path, text, text.utf8.count, deadlineMilliseconds, &writer)
        if writer != 0 { return .underWay(writer: writer) }
        return result == 0 ? .done : .refused(Int(-result))
    }
}

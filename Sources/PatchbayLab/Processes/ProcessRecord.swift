import Foundation
import Glibc
import PatchbayCore

/// A process that we started, written down so that a later run knows it again, and no other in its place.
///
/// A pid alone is not enough: the kernel gives it to others later. With the start time it is unique since boot.
package struct ProcessRecord: Hashable, Codable, Sendable {
    package var pid: Int32
    /// Clock ticks from boot to the start of the process: field 22 of `/proc/PID/stat` (proc(5)).
    package var startTicks: UInt64

    /// nil: there is no such process.
    package init?(pid: Int32) {
        guard let stat = Self.stat(of: pid) else { return nil }
        self.pid = pid
        startTicks = stat.startTicks
    }

    /// True while that very process runs; a zombie does not.
    package var isRunning: Bool {
        guard let stat = Self.stat(of: pid) else { return false }
        return stat.startTicks == startTicks && stat.state != "Z" && stat.state != "X"
    }

    /// Sends a signal to that very process, and to its group when it leads one.
    package func signal(_ number: Int32) {
        guard isRunning else { return }
        if kill(-pid, number) != 0 { kill(pid, number) }
    }

    /// True when it is gone before the deadline. Goes on in a cancelled task, because ending what was started is part of
    /// being cancelled.
    package func hasEnded(within limit: Duration) async -> Bool {
        let record = self
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let deadline = ContinuousClock.now + limit
                while record.isRunning, ContinuousClock.now < deadline {
                    // A child of this very process is gone only when it has been waited for.
                    var status: Int32 = 0
                    waitpid(record.pid, &status, WNOHANG)
                    Thread.sleep(forTimeInterval: 0.05)
                }
                continuation.resume(returning: !record.isRunning)
            }
        }
    }

    private static func stat(of pid: Int32) -> (state: Substring, startTicks: UInt64)? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        // The name in parentheses may hold anything: what follows the last one is regular.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
        return (fields[0], ticks)
    }
}

extension ProcessRecord {
    package init?(file: String) {
        guard let bytes = FileManager.default.contents(atPath: file),
            let record = try? JSONDecoder().decode(ProcessRecord.self, from: bytes)
        else { return nil }
        self = record
    }

    package func write(to file: String) throws(Problem) {
        do {
            try JSONEncoder().encode(self).write(to: URL(filePath: file))
        } catch {
            throw Problem(.failed, "Cannot write \(file).", cause: "\(error)")
        }
    }
}

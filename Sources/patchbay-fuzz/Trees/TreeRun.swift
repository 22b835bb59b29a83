import Foundation

/// All cases of a run, shared out among workers; a worker that dies is replaced, and the case it died of is kept.
struct TreeRun: Sendable {
    struct Failure {
        var number: Int
        var what: String
    }
    struct Outcome {
        var done = 0
        var failures: [Failure] = []
        var mostMemoryKiB = 0
    }
    let folder: String
    let seed: UInt64
    let bases: [String]

    /// A lane gives up after so many failures: there is enough to look at.
    private static let mostFailures = 20
    /// A worker is replaced after so many cases.
    private static let share = 50_000

    func run(cases: Int, workers: Int) async throws -> Outcome {
        let each = (cases + workers - 1) / workers
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            for lane in 0..<workers where lane * each < cases {
                group.addTask { try await run(lane * each..<min(cases, (lane + 1) * each), lane: lane) }
            }
            var outcome = Outcome()
            for try await part in group {
                outcome.done += part.done
                outcome.failures += part.failures
                outcome.mostMemoryKiB = max(outcome.mostMemoryKiB, part.mostMemoryKiB)
            }
            outcome.failures.sort { $0.number < $1.number }
            return outcome
        }
    }

    private func run(_ cases: Range<Int>, lane: Int) async throws -> Outcome {
        var outcome = Outcome()
        var next = cases.lowerBound
        var generation = 0
        while next < cases.upperBound, outcome.failures.count < Self.mostFailures {
            let share = next..<min(cases.upperBound, next + Self.share)
            let folder = "\(folder)/\(lane)-\(generation)"
            let end = try await TreeWorker(folder: folder, seed: seed, bases: bases, cases: share).run()
            take(end, share, into: &outcome)
            next = end.isWell ? share.upperBound : end.lastCase + 1
            outcome.done += next - share.lowerBound
            generation += 1
            try FileManager.default.removeItem(atPath: folder)
        }
        return outcome
    }

    /// Lines that a worker prints: `finding CASE SENTENCE` and, when it is through, `done KIB`.
    private func take(_ end: TreeWorker.End, _ share: Range<Int>, into outcome: inout Outcome) {
        for line in end.output.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            if words.count == 3, words[0] == "finding", let number = Int(words[1]) {
                outcome.failures.append(Failure(number: number, what: String(words[2])))
            } else if words.count == 2, words[0] == "done", let size = Int(words[1]) {
                outcome.mostMemoryKiB = max(outcome.mostMemoryKiB, size)
            }
        }
        guard !end.isWell else { return }
        let last = end.output.split(separator: "\n").last { $0.contains("Fatal error") || $0.contains("Error:") } ?? ""
        outcome.failures.append(Failure(number: end.lastCase, what: "\(end.what) \(last)"))
    }
}

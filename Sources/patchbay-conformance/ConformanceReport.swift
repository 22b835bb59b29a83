import ArgumentParser
import Foundation

/// What a comparison ends with: every case by its id, and why it failed where it did.
struct ConformanceReport: Encodable {
    struct Case: Encodable {
        var id: String
        var passed: Bool
        /// The first difference; nil when it passed.
        var reason: String?
    }

    var cases: [Case] = []
    /// What was not compared, and why; such cases are neither passed nor failed.
    private(set) var notRun: [String] = []

    /// Cases that prove nothing, counted by why in one word; neither passed nor failed.
    private(set) var skipped: [String: Int] = [:]

    mutating func skip(_ why: String) { skipped[why, default: 0] += 1 }

    mutating func leaveOut(_ what: String) { notRun.append(what) }

    mutating func add(_ id: String, _ differences: [String]) {
        let more = differences.count > 1 ? " (and \(differences.count - 1) more)" : ""
        cases.append(Case(id: id, passed: differences.isEmpty, reason: differences.first.map { $0 + more }))
    }

    /// Prints failures and the count, or with `json` every case. Exit status 1 when any failed or none ran.
    ///
    /// - Parameter most: how many failures.
    func finish(json: Bool, most: Int = 20) throws {
        let failures = cases.filter { !$0.passed }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            print(String(decoding: try encoder.encode(self), as: UTF8.self))
        } else {
            for failure in failures.prefix(most) { print("\(failure.id): \(failure.reason?.prefix(800) ?? "")") }
            for part in notRun { print("not run: \(part)") }
            for (why, count) in skipped.sorted(by: { $0.key < $1.key }) { print("\(count) skipped (\(why))") }
            print("\(cases.count - failures.count) passed, \(failures.count) failed")
        }
        if cases.isEmpty || !failures.isEmpty { throw ExitCode(1) }
    }
}

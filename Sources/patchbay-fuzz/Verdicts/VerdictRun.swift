import Foundation

/// All cases of a run, shared out among lanes.
struct VerdictRun: Sendable {
    struct Failure: Sendable {
        var number: Int
        var name: String
        var sentence: String
    }
    struct Outcome: Sendable {
        var counts: [String: Int] = [:]
        var wrong: [String: Int] = [:]
        /// The first of each kind.
        var failures: [String: Failure] = [:]

        mutating func add(_ other: Outcome) {
            counts.merge(other.counts, uniquingKeysWith: +)
            wrong.merge(other.wrong, uniquingKeysWith: +)
            failures.merge(other.failures) { $0.number < $1.number ? $0 : $1 }
        }
    }

    let seed: UInt64
    /// By name; each contains the words that were asked for.
    let words: String?
    /// An empty directory, for the hosts.
    let folder: String

    private var kinds: [Ingredient.Kind] {
        Ingredient.Kind.all.filter { kind in words.map { kind.name.localizedCaseInsensitiveContains($0) } ?? true }
    }

    func run(cases: Int, lanes: Int) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var outcome = Outcome()
                    for number in stride(from: lane, to: cases, by: lanes) {
                        outcome.add(try check(number, in: "\(folder)/\(lane)"))
                    }
                    return outcome
                }
            }
            var outcome = Outcome()
            for try await part in group { outcome.add(part) }
            return outcome
        }
    }

    func ingredients(_ number: Int) -> [Ingredient] {
        VerdictCase(seed: seed, number: number, kinds: kinds).ingredients
    }

    func check(_ number: Int, in root: String) throws -> Outcome {
        let check = try check(ingredients(number), in: root)
        var outcome = Outcome()
        for (kind, count) in check.counts { outcome.counts[kind.name] = count }
        for fault in check.faults {
            let name = fault.judgement.kind.name
            outcome.wrong[name, default: 0] += 1
            if outcome.failures[name] == nil {
                outcome.failures[name] = Failure(number: number, name: name, sentence: fault.sentence)
            }
        }
        return outcome
    }

    private func check(_ ingredients: [Ingredient], in root: String, isKept: Bool = false) throws -> VerdictCheck {
        let host = PlantedHost(ingredients)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try host.files.make(below: root)
        let check = try VerdictCheck(host, root: root)
        if !isKept { try FileManager.default.removeItem(atPath: root) }
        return check
    }

    /// The smallest host that still fails in the same way, made in a directory that is kept.
    ///
    /// - Returns: what fails there.
    func keep(_ failure: Failure, in root: String) throws -> String {
        func fault(_ ingredients: [Ingredient], isKept: Bool = false) throws -> String? {
            try check(ingredients, in: root, isKept: isKept).faults.first { $0.judgement.kind.name == failure.name }?
                .sentence
        }
        let smallest = try VerdictCase.smallest(ingredients(failure.number)) { try fault($0) != nil }
        return try fault(smallest, isKept: true) ?? failure.sentence
    }
}

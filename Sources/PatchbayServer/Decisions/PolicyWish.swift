import PatchbayAPI
import PatchbayCore

/// A policy as it was asked for, read: what is to be in force.
struct PolicyWish: Sendable {
    struct Expected: Sendable {
        var expectation: PoolExpectation
        var place: String?
    }

    private(set) var pools: [Pool] = []
    private(set) var profiles: [Profile] = []
    private(set) var expectations: [Expected] = []
    private(set) var prunes: Bool

    /// Throws all that is wrong with it.
    init(_ draft: API.PolicyDraft) throws(Problem) {
        prunes = draft.prune ?? false
        var problems = ProblemList()
        for pool in draft.pools ?? [] {
            problems.keep(subject: "pool \(pool.name ?? "")") { () throws(Problem) in try add(pool) }
        }
        for profile in draft.profiles ?? [] {
            problems.keep(subject: "profile \(profile.name)") { () throws(Problem) in try add(profile) }
        }
        for expectation in draft.expectations ?? [] {
            problems.keep(subject: expectation.place) { () throws(Problem) in
                let read = try PoolExpectation(parsing: expectation.text)
                expectations.append(Expected(expectation: read, place: expectation.place))
            }
        }
        try problems.throwIfAny("The policy")
    }

    private mutating func add(_ draft: API.PoolDraft) throws(Problem) {
        let pool = try PoolDecider.newPool(draft)
        guard !pools.contains(where: { $0.name == pool.name }) else { throw Self.twice("pool", pool.name) }
        pools.append(pool)
    }

    private mutating func add(_ draft: API.ProfileDraft) throws(Problem) {
        let profile = try draft.profile()
        guard !profiles.contains(where: { $0.name == profile.name }) else { throw Self.twice("profile", profile.name) }
        profiles.append(profile)
    }

    private static func twice(_ kind: String, _ name: String) -> Problem {
        Problem(.malformedInput, "The \(kind) \"\(name)\" is listed twice.", next: ["Send it once."])
    }
}

/// What stands in the way, gathered, so that all of it is told at once.
struct ProblemList {
    private var problems: [(subject: String?, problem: Problem)] = []

    mutating func add(_ problem: Problem, subject: String? = nil) { problems.append((subject, problem)) }

    /// Does what may fail, and keeps the problem.
    mutating func keep(subject: String?, _ body: () throws(Problem) -> Void) {
        do { try body() } catch { add(error, subject: subject) }
    }

    /// Throws the one problem that there is, or one that lists them, with the code of the first.
    func throwIfAny(_ what: String) throws(Problem) {
        guard let first = problems.first?.problem else { return }
        guard problems.count > 1 else { throw first }
        throw Problem(
            first.code, "\(what) has \(problems.count) problems; nothing was changed.",
            evidence: problems.map { subject, problem in
                (subject.map { "\($0): " } ?? "") + problem.detail
                    + (problem.evidence.isEmpty ? "" : " (\(problem.evidence.joined(separator: "; ")))")
            },
            next: problems.reduce(into: []) { next, entry in
                for step in entry.problem.next where !next.contains(step) { next.append(step) }
            })
    }
}

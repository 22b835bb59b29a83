import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

extension PageMaker {
    /// The question is in the address: it can be kept, sent to somebody, and asked without JavaScript.
    func whatIf(_ visit: Visit) async throws(Problem) -> Page {
        let profiles = try await service.profiles()
        let entry = WhatIfEntry(visit.query, profiles: profiles)
        let model = WhatIfForm(
            entry, hosts: try await service.hosts().map(\.name), pools: try await service.pools(),
            profiles: profiles, answer: WhatIfAnswer(entry, await outlook(of: entry, now: visit.now)))
        return Page(title: "What if", section: .whatIf, template: "page-whatif", model: model)
    }

    /// A question that has no answer is still a page.
    private func outlook(of entry: WhatIfEntry, now: Int) async -> Result<OutlookNote, Problem> {
        do throws(Problem) {
            let outlook = try await service.whatIf(entry.question)
            let fixes = (outlook.room?.fixes ?? []).map { fix in
                let link = entry.address(using: fix).map { Anchor(text: "Change it", href: $0) }
                return FixLine(fix, link: link, now: now)
            }
            return .success(OutlookNote(outlook, of: entry.question, fixes: fixes, now: now))
        } catch {
            return .failure(error)
        }
    }

    /// How scattered a pool is now; nil where that cannot be told: its page is there all the same.
    func spread(of pool: String) async -> Spread? {
        do throws(Problem) {
            let outlook = try await service.whatIf(API.WhatIf(pools: [pool]))
            return outlook.pools.first { $0.name == pool }?.now.map { Spread(pool, now: $0, then: $0) }
        } catch {
            return nil
        }
    }
}

/// A question about a fleet that is not there, with its answer beside it.
struct WhatIfForm: Sendable {
    /// Names that are offered while one types.
    static let mostNames = 400

    let changes: [ScenarioLine]
    /// Hosts, then devices of pools.
    let names: [Choice]
    let count: String
    let countHint: Hint?
    let guest: GuestFields
    let shows: [Choice]
    let hasNoPools: Bool
    let answer: WhatIfAnswer

    init(
        _ entry: WhatIfEntry, hosts: [String], pools: [API.Pool], profiles: [API.Profile], answer: WhatIfAnswer
    ) {
        self.changes =
            entry.changes.indices.map {
                ScenarioLine($0 + 1, entry.changes[$0], note: entry.state.problems[.change($0)])
            } + [ScenarioLine(entry.changes.count + 1, nil, note: nil)]
        self.names = Self.names(hosts, pools)
        self.count = entry.fields.raw("vms") ?? ""
        self.countHint = entry.state.hint(.count)
        let poolNames = pools.map(\.name)
        self.guest = GuestFields(entry, pools: poolNames, profiles: profiles)
        self.shows = Choice.of(poolNames, typed: entry.fields.raw("show"), none: "those concerned")
        self.hasNoPools = pools.isEmpty
        self.answer = answer
    }

    private static func names(_ hosts: [String], _ pools: [API.Pool]) -> [Choice] {
        var seen: Set<String> = []
        let devices = pools.flatMap(\.devices).filter { seen.insert($0.id).inserted }
        return hosts.prefix(mostNames / 2).map { Choice($0, "host") }
            + devices.prefix(mostNames / 2).map { Choice($0.shortID, $0.briefName) }
    }
}

/// What stands beside the form of a question: the answer, or what is wrong with the question.
struct WhatIfAnswer: Sendable, Hashable {
    let outlook: OutlookNote?
    let problem: ProblemNote?
    /// Some of what was typed cannot be read yet: the rest is answered.
    let isUnfinished: Bool
    let said: String
    /// Where this question is, to be kept or sent to somebody.
    let address: String
    /// The same from a shell; empty: no line can say it.
    let command: String

    init(_ entry: WhatIfEntry, _ answer: Result<OutlookNote, Problem>) {
        switch answer {
        case .success(let outlook):
            (self.outlook, self.problem, self.said) = (outlook, nil, outlook.said)
        case .failure(let problem):
            (self.outlook, self.problem, self.said) = (nil, ProblemNote(problem), problem.detail)
        }
        self.isUnfinished = !entry.state.problems.isEmpty
        self.address = entry.address
        self.command = isUnfinished ? "" : entry.command ?? ""
    }
}

import PatchbayAPI
import PatchbayCore

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

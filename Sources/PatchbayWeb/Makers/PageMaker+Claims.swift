import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func claimList(_ visit: Visit) async throws(Problem) -> Page {
        var query = ClaimListPage.Query(filter: visit.query["filter"] ?? "")
        query.phase = try visit.query.choice("phase", "The phase")
        query.page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
        let model = ClaimListPage(try await service.claims(API.ClaimQuery()), query, now: visit.now)
        return Page(title: "Claims", section: .claims, template: "page-claims", model: model)
    }

    func claim(_ visit: Visit, id: String) async throws(Problem) -> Page {
        try await claimPage(id, now: visit.now)
    }

    private func claimPage(
        _ id: String, typed: FormFields = FormFields(), problem: Problem? = nil, now: Int
    ) async throws(Problem) -> Page {
        let claim = try await service.claim(id)
        let vm = claim.owner.kind == .vm ? claim.owner.name : nil
        // A VM's claim is made and served by what happens to the VM.
        let events = try await history(
            of: ["claim \(claim.id)"] + (vm.map { ["vm \($0)"] } ?? []), vm: vm, host: claim.host,
            since: claim.createdAt)
        let model = ClaimPage(
            claim, explanation: await explanation(of: claim, now: now), events: events, typed: typed, problem: problem,
            now: now)
        return Page(
            title: "Claim \(claim.id)", section: .claims, template: "page-claim", model: model, problem: problem)
    }

    /// A page that cannot say why is still a page.
    private func explanation(of claim: API.Claim, now: Int) async -> Result<ExplanationNote, Problem> {
        do throws(Problem) {
            let explanation = try await service.explainClaim(claim.id)
            let question: ExplanationNote.Question = claim.phase == .pending ? .waiting : .served
            let fixes = try await fixLines(explanation.fixes, now: now) { fix in
                Self.link(like: claim, with: fix).map { .link(Anchor(text: "Ask anew…", href: $0)) }
            }
            return .success(ExplanationNote(explanation, question, fixes: fixes, now: now))
        } catch {
            return .failure(error)
        }
    }

    /// The form for a new claim, filled in as this one with the fix made; nil: the form has no field for it.
    private static func link(like claim: API.Claim, with fix: API.Fix) -> String? {
        let fields = ClaimForm.fields(like: claim)
        return ClaimEntry(fields).use(for: fix).map { "/claims/new?\(ClaimEntry.using($0, in: fields).encoded)" }
    }

    func releaseClaim(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let claim = try await service.claim(id)
        let service = service
        let caution = "\(claim.owner.words) must no longer use its devices: the next claim in the queue gets them."
        return .change(
            Mutation(
                title: "Release claim \(id)", back: Link.claim(id), done: "/claims",
                command: ShellLine("claim", "release", id).text, cautions: claim.devices.isEmpty ? [] : [caution],
                run: { dryRun async throws(Problem) in try await service.releaseClaim(id, dryRun: dryRun) }))
    }

    func renewClaim(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let now = visit.now
        let form: @Sendable (Problem) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await claimPage(id, typed: fields, problem: problem, now: now)
        }
        let seconds: Int?
        do throws(Problem) {
            seconds = try LeaseLength.seconds(of: fields)
        } catch {
            return .page(try await form(error))
        }
        let service = service
        return .change(
            Mutation(
                title: "Renew claim \(id)" + (seconds.map { " for \(LeaseLength.words($0))" } ?? ""),
                back: Link.claim(id), done: Link.claim(id),
                command: ShellLine(["claim", "renew", id] + (seconds.map { ["--lease", "\($0)s"] } ?? [])).text,
                run: { dryRun async throws(Problem) in
                    try await service.renewClaim(id, API.RenewRequest(leaseSeconds: seconds), dryRun: dryRun)
                }, form: form))
    }
}

import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func newClaim(_ visit: Visit) async throws(Problem) -> Page { try await newClaimPage(visit, typed: visit.query) }

    private func newClaimPage(
        _ visit: Visit, typed: FormFields, problem: Problem? = nil
    ) async throws(Problem) -> Page {
        let entry = ClaimEntry(typed)
        let model = ClaimForm(
            entry, pools: try await poolNames(), preview: await preview(of: entry, now: visit.now),
            made: Self.claimName(for: visit), problem: problem)
        return Page(
            title: "New claim", section: .claims, template: "page-claim-new", model: model, problem: problem)
    }

    /// One name for each time the form is opened: sent twice, it makes one claim.
    private static func claimName(for visit: Visit) -> String {
        "c-" + String(FNV1a("\(visit.now) \(visit.visitor?.name ?? "")").value, radix: 36)
    }

    private func preview(of entry: ClaimEntry, now: Int) async -> ClaimPreview {
        let isUnfinished = !entry.state.problems.isEmpty
        guard !entry.draft.requests.isEmpty else {
            return ClaimPreview(
                isUnfinished
                    ? Hint("The request is incomplete.") : Hint("Choose a pool to see which host would serve it."),
                isUnfinished: isUnfinished)
        }
        do throws(Problem) {
            let explanation = try await service.explain(entry.draft)
            let fixes = try await fixLines(explanation.fixes, now: now) { fix in
                entry.use(for: fix).map { .use(FixLine.Use(value: $0, label: "Change it")) }
            }
            return ClaimPreview(
                ExplanationNote(explanation, .draft, fixes: fixes, now: now), isUnfinished: isUnfinished)
        } catch {
            return ClaimPreview(Hint(error))
        }
    }

    /// Makes a claim; `do=preview` only shows where it would be served, `use` makes a fix in the form.
    func createClaim(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let typed = fields.without(["do", "use"])
        if let use = fields["use"] {
            return .page(try await newClaimPage(visit, typed: ClaimEntry.using(use, in: typed)))
        }
        guard fields["do"] != "preview" else { return .page(try await newClaimPage(visit, typed: typed)) }
        let draft: API.ClaimDraft
        do throws(Problem) {
            draft = try ClaimEntry(typed).claim()
        } catch {
            return .page(try await newClaimPage(visit, typed: typed, problem: error))
        }
        let service = service
        let maker = self
        return .change(
            Mutation(
                title: "Claim \(words(draft.requests)) for \(draft.owner.words)",
                back: "/claims/new?\(typed.encoded)", done: Link.claim(draft.id ?? ""),
                command: ShellLine(claiming: draft)?.text,
                run: { dryRun async throws(Problem) in try await service.createClaim(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in
                    try await maker.newClaimPage(visit, typed: typed, problem: problem)
                }))
    }

    private func words(_ requests: [API.RequestDraft]) -> String {
        requests.map { "\($0.count ?? 1) × \($0.pool ?? $0.device ?? "")" }.joined(separator: ", ")
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay claim explain job-17`, `patchbay claim explain --pool gpus --count 4`
struct ClaimExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain why a claim was placed as it is, or why it waits and what would help.",
        discussion: """
            Takes a claim, or the options of claim create for one that does not exist yet. Nothing is claimed.
            Example:  patchbay claim explain job-17
                      patchbay claim explain --pool gpus --count 4 --topology same-switch
            """)

    @Argument(help: "An existing claim.", completion: .names(.claim))
    var claim: String?
    @OptionGroup var wish: WishOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if claim != nil, !wish.isEmpty || !wish.isForNobody {
            throw ValidationError("Name a claim or give the options of a new one, not both")
        }
    }

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        guard let claim else {
            let draft = try wish.draft(for: API.ClaimOwner(kind: .system, name: "what-if"))
            let title = draft.requests.map(\.asked).joined(separator: ", ")
            return try out.explain(try await service.explain(draft), title: [title])
        }
        let known = try await service.claim(claim)
        let wants = known.requests.map(\.asked).joined(separator: ", ")
        try out.explain(try await service.explainClaim(claim), title: [known.id, wants, ClaimWords.owner(known.owner)])
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayText

extension PageMaker {
    func stored(_ visit: Visit) async throws(Problem) -> Page {
        Page(
            title: "Stored values", section: .none, template: "page-store",
            model: StorePage(try await service.status().findings))
    }

    func dropStored(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let key = try fields.required("key", "The key")
        let service = service
        return .change(
            Mutation(
                title: "Drop the value of \(key)", back: Link.store, done: Link.store,
                command: ShellLine("store", "drop", key).text,
                cautions: ["A dropped value cannot be restored. Copy the state folder first."],
                losesData: true,
                run: { dryRun async throws(Problem) in try await service.dropStored(key, dryRun: dryRun) }))
    }
}

/// What the server has stored and cannot read any more, and the way out of each.
struct StorePage: Sendable, Hashable {
    let rows: [Row]
    let isEmpty: Bool
    let command = ShellLine("store", "list").text

    struct Row: Sendable, Hashable {
        let key: String
        let sentence: String
        let next: [String]
        /// What its host reports again is not dropped: it is written anew then.
        let canDrop: Bool
    }

    init(_ findings: [API.Finding]) {
        rows = findings.filter { $0.code == Self.code }.map { finding in
            Row(
                key: finding.subject.hasPrefix("store ") ? String(finding.subject.dropFirst(6)) : finding.subject,
                sentence: finding.sentence, next: finding.next,
                canDrop: finding.next.contains { $0.contains("patchbay store drop ") })
        }
        isEmpty = rows.isEmpty
    }

    /// Of findings about values that cannot be read.
    static let code = "unreadable-value"
}

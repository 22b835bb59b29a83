import PatchbayAPI
import PatchbayCore

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

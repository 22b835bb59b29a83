import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func poolList(_ visit: Visit) async throws(Problem) -> Page {
        Page(title: "Pools", section: .pools, template: "page-pools", model: PoolListPage(try await service.pools()))
    }

    func newPool(_ visit: Visit) async throws(Problem) -> Page { newPoolPage(typed: visit.query, problem: nil) }

    private func newPoolPage(typed: FormFields, problem: Problem?) -> Page {
        Page(
            title: "New pool", section: .pools, template: "page-pool-new",
            model: PoolForm(typed: typed, problem: problem), problem: problem)
    }

    func createPool(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let draft: API.PoolDraft
        do throws(Problem) {
            draft = try PoolForm.draft(of: fields)
            _ = try fields.required("pool", "The name of the pool")
        } catch {
            return .page(newPoolPage(typed: fields, problem: error))
        }
        let service = service
        let maker = self
        let name = draft.name ?? ""
        return .change(
            Mutation(
                title: "Create pool \(name)", back: "/pools/new?\(fields.encoded)", done: Link.pool(name),
                command: ShellLine(creating: draft).text,
                run: { dryRun async throws(Problem) in try await service.createPool(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in maker.newPoolPage(typed: fields, problem: problem) }))
    }

    func pool(_ visit: Visit, name: String) async throws(Problem) -> Page {
        try await poolPage(name)
    }

    /// Which of the two forms on the page was sent decides which one shows what was typed, and the problem.
    private func poolPage(
        _ name: String, settings: (FormFields, Problem)? = nil, attach: (FormFields, Problem)? = nil
    ) async throws(Problem) -> Page {
        let pool = try await service.pool(name)
        let model = PoolPage(
            pool, spread: await spread(of: pool.name),
            settings: PoolForm(pool, typed: settings?.0 ?? FormFields(), problem: settings?.1),
            attach: AttachForm(
                pool: pool.name, vms: try await service.vms(), typed: attach?.0 ?? FormFields(), problem: attach?.1),
            newRule: RuleForm(
                pool: pool, old: nil, typing: .blank, hosts: try await service.hosts().map(\.name)))
        let problem = settings?.1 ?? attach?.1
        return Page(
            title: pool.name, section: .pools, template: "page-pool", model: model,
            problem: problem)
    }

    func editPool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        var draft = try PoolForm.draft(of: fields)
        draft.name = nil
        return .change(
            try change(
                of: name, "Change pool \(name)", draft, fields,
                form: { [self] problem async throws(Problem) in try await poolPage(name, settings: (fields, problem)) })
        )
    }

    func deletePool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let service = service
        return .change(
            Mutation(
                title: "Delete pool \(name)", back: Link.pool(name), done: "/pools",
                command: ShellLine("pool", "delete", name).text,
                run: { dryRun async throws(Problem) in try await service.deletePool(name, dryRun: dryRun) }))
    }

    /// Gives devices of the pool to a VM, several in one go.
    func attachFromPool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let form: @Sendable (Problem) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await poolPage(name, attach: (fields, problem))
        }
        do throws(Problem) {
            var asked = fields
            asked.fields.append(.init(name: "what", value: "pool:\(name)"))
            var change = try attachment(to: try fields.required("vm", "The VM"), asked)
            change.back = Link.pool(name)
            change.form = form
            return .change(change)
        } catch {
            return .page(try await form(error))
        }
    }

    /// An edit that fails when the pool is another by now.
    ///
    /// - Parameter line: the same from a shell, where rules are changed.
    func change(
        of pool: String, _ title: String, _ draft: API.PoolDraft, _ fields: FormFields, line: ShellLine? = nil,
        form: (@Sendable (Problem) async throws(Problem) -> Page)? = nil
    ) throws(Problem) -> Mutation {
        let revision = try fields.number("revision", "The revision", in: 0...Int.max)
        let service = service
        return Mutation(
            title: title, back: Link.pool(pool), done: Link.pool(pool),
            command: draft.rules == nil ? ShellLine(editing: pool, draft).text : line?.text,
            run: { dryRun async throws(Problem) in
                try await service.editPool(pool, draft, revision: revision, dryRun: dryRun)
            }, form: form)
    }
}

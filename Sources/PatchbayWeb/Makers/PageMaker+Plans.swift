import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func planList(_ visit: Visit) async throws(Problem) -> Page {
        Page(
            title: "Plans", section: .plans, template: "page-plans",
            model: PlanListPage(try await service.plans(host: nil), now: visit.now))
    }

    func plan(_ visit: Visit, id: String) async throws(Problem) -> Page {
        let plan = try await service.plan(id)
        return Page(
            title: plan.title, section: .plans, template: "page-plan", model: PlanPage(plan, now: visit.now))
    }

    func undo(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Undo plan \(id)", of: id, ShellLine("plan", "undo", id)) { dryRun async throws(Problem) in
            try await service.undoPlan(id, dryRun: dryRun)
        }
    }

    func cancel(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Cancel plan \(id)", of: id, ShellLine("plan", "cancel", id)) { dryRun async throws(Problem) in
            try await service.cancelPlan(id, dryRun: dryRun)
        }
    }

    func retry(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let service = service
        return change("Retry plan \(id)", of: id, ShellLine("plan", "retry", id)) { dryRun async throws(Problem) in
            try await service.retryPlan(id, dryRun: dryRun)
        }
    }

    func resolve(_ visit: Visit, _ fields: FormFields, id: String) async throws(Problem) -> FormAnswer {
        let statement = API.Statement(reason: try fields.required("statement", "The reason"))
        let service = service
        let line = ShellLine("plan", "resolve", id, reason: statement.reason)
        return change("Resolve plan \(id)", of: id, line) { dryRun async throws(Problem) in
            try await service.resolvePlan(id, statement, dryRun: dryRun)
        }
    }

    private func change(
        _ title: String, of plan: String, _ line: ShellLine,
        run: @escaping @Sendable (_ dryRun: Bool) async throws(Problem) -> API.Change
    ) -> FormAnswer {
        .change(Mutation(title: title, back: Link.plan(plan), done: Link.plan(plan), command: line.text, run: run))
    }

    func events(_ visit: Visit) async throws(Problem) -> Page {
        Page(
            title: "Events", section: .events, template: "page-events",
            model: EventsPage(
                try await service.events(limit: 500), filter: visit.query["filter"] ?? "", now: visit.now))
    }

    func keys(_ visit: Visit) async throws(Problem) -> Page {
        Page(title: "Keys", section: .none, template: "page-keys", model: KeysPage())
    }
}

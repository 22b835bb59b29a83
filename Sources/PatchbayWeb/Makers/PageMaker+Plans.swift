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
        let page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
        let events = try await service.events(limit: EventsPage.limit)
        return Page(
            title: "Events", section: .events, template: "page-events",
            model: EventsPage(events, filter: visit.query["filter"] ?? "", page: page, now: visit.now))
    }

    /// The last event so far: what comes after it is news to a page that is made now. nil: it cannot be told.
    func newestEvent() async -> Int? {
        do throws(Problem) { return try await service.events(limit: 1).first?.id } catch { return nil }
    }

    /// What was written down about any of the subjects, newest first.
    ///
    /// - Parameters:
    ///   - vm: the plans for it are part of the history; nil: no VM's.
    ///   - start: nothing before it, in milliseconds since 1970-01-01T00:00:00Z.
    func history(
        of subjects: [String], vm: String? = nil, host: String? = nil, since start: Int = 0
    ) async throws(Problem) -> [API.Event] {
        var subjects = Set(subjects)
        if let vm {
            for plan in try await service.plans(host: host) where plan.vm == vm { subjects.insert("plan \(plan.id)") }
        }
        return try await service.events(limit: EventsPage.limit).filter { event in
            subjects.contains(event.subject) && event.at.map { $0 >= start } ?? true
        }
    }

    func keys(_ visit: Visit) async throws(Problem) -> Page {
        Page(title: "Keys", section: .none, template: "page-keys", model: KeysPage())
    }
}

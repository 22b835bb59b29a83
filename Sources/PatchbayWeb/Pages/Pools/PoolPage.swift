import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

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
                command: ShellLine(creating: draft, rules: draft.rules ?? [])?.text, changes: await entering(draft),
                verb: "Create pool",
                run: { dryRun async throws(Problem) in try await service.createPool(draft, dryRun: dryRun) },
                form: { problem async throws(Problem) in maker.newPoolPage(typed: fields, problem: problem) }))
    }

    /// Devices that a pool begins with.
    private func entering(_ draft: API.PoolDraft) async -> [RuleMatches.Change] {
        await changes(of: draft.name ?? "", draft.kind ?? .pci, from: [], to: draft.rules ?? [])
    }

    /// Who would enter and who would leave a pool with these rules; empty where that cannot be told.
    func changes(
        of pool: String, _ kind: DeviceKind, from devices: [API.Device], to rules: [API.Rule]
    ) async -> [RuleMatches.Change] {
        do throws(Problem) {
            let after =
                rules.isEmpty
                ? [] : try await service.previewRules(API.RulePreviewRequest(rules: rules, kind: kind)).devices
            return RuleMatches.Change.changes(of: pool, from: devices, to: after)
        } catch {
            return []
        }
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
                pool: pool, vms: try await service.vms(), typed: attach?.0 ?? FormFields(), problem: attach?.1),
            newRule: RuleForm(
                pool: pool, old: nil, entry: .blank, hosts: try await service.hosts().map(\.name)))
        let problem = settings?.1 ?? attach?.1
        return Page(
            title: pool.name, section: .pools, template: "page-pool", model: model,
            problem: problem)
    }

    func editPool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        var draft = try PoolForm.draft(of: fields)
        draft.name = nil
        return .change(
            try await change(
                of: name, "Change pool \(name)", draft, fields, verb: "Save settings",
                form: { [self] problem async throws(Problem) in try await poolPage(name, settings: (fields, problem)) })
        )
    }

    func deletePool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let service = service
        let pool = try await service.pool(name)
        return .change(
            Mutation(
                title: "Delete pool \(name)", back: Link.pool(name), done: "/pools",
                command: ShellLine("pool", "delete", name).text, cautions: Self.losses(of: pool),
                changes: RuleMatches.Change.changes(of: name, from: pool.devices, to: []), verb: "Delete pool",
                isDeletion: true,
                run: { dryRun async throws(Problem) in try await service.deletePool(name, dryRun: dryRun) }))
    }

    /// What goes with a pool, beside its devices.
    private static func losses(of pool: API.Pool) -> [String] {
        guard !pool.rules.isEmpty else { return [] }
        let rules = pool.rules.map(\.name).joined(separator: ", ")
        let tags = Set(pool.rules.flatMap { ($0.tags ?? [:]).map { "\($0.key)=\($0.value)" } }).sorted()
        return [
            pool.rules.count == 1
                ? "Its rule \(rules) is deleted with it."
                : "Its \(pool.rules.count) rules are deleted with it: \(rules)."
        ]
            + (tags.isEmpty ? [] : ["Its devices lose their tags: \(tags.joined(separator: ", "))."])
    }

    /// Gives devices of the pool to a VM, several in one go.
    func attachFromPool(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let form: @Sendable (Problem) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await poolPage(name, attach: (fields, problem))
        }
        do throws(Problem) {
            var asked = fields
            asked.fields.append(.init(name: "what", value: "pool:\(name)"))
            var change = try await attachment(to: try fields.required("vm", "The VM"), asked)
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
        verb: String, isDeletion: Bool = false, form: (@Sendable (Problem) async throws(Problem) -> Page)? = nil
    ) async throws(Problem) -> Mutation {
        let revision = try fields.number("revision", "The revision", in: 0...Int.max)
        let service = service
        var changes: [RuleMatches.Change] = []
        if let rules = draft.rules {
            let old = try await service.pool(pool)
            changes = await self.changes(of: pool, old.kind, from: old.devices, to: rules)
        }
        return Mutation(
            title: title, back: Link.pool(pool), done: Link.pool(pool),
            command: draft.rules == nil ? ShellLine(editing: pool, draft).text : line?.text, changes: changes,
            verb: verb, isDeletion: isDeletion,
            run: { dryRun async throws(Problem) in
                try await service.editPool(pool, draft, revision: revision, dryRun: dryRun)
            }, form: form)
    }
}

extension ShellLine {
    /// A pool with the rules that it begins with; nil: the command line has no words for one of them.
    fileprivate init?(creating draft: API.PoolDraft, rules: [API.Rule]) {
        var words = ShellLine(creating: draft).words
        for rule in rules {
            guard let text = rule.text(for: draft.kind ?? .pci) else { return nil }
            words += ["--rule", text]
        }
        self.init(words)
    }
}

extension API.Rule {
    /// As the command line reads it; nil: it would not be the same rule.
    ///
    /// - Parameter isNamed: its own name and host stand in front, which the command line tells from facts of a device.
    func text(for kind: DeviceKind, isNamed: Bool = false) -> String? {
        guard isEnabled, tags?.isEmpty != false, let rule = try? rule(for: kind),
            !rule.conditions.contains(where: { $0.field == .name && $0.comparison == .equal })
        else { return nil }
        let own = [Condition(.name, .equal, rule.name)] + (rule.host.map { [Condition(.host, .equal, $0)] } ?? [])
        return DeviceFilter((isNamed ? own : []) + rule.conditions).description
    }
}

/// What matches, how much is left, who uses it, and by which rules.
struct PoolPage: Sendable {
    let id: String
    let name: String
    let description: String
    let kind: String
    let deviceClass: String
    let preparation: String
    let stickiness: String
    let free: String
    /// How many of its devices are in each state.
    let counts: [StateCount]
    let squares: [StateMark]
    let devices: [DeviceRow]
    let hasNoDevices: Bool
    let rules: [RuleLine]
    let hasNoRules: Bool
    let vms: [Anchor]
    let isUnused: Bool
    let findings: [FindingNote]
    let base: String
    let spread: Spread?
    let whatIfHref: String
    /// The list from which devices get into it.
    let listHref: String
    let revision: Int
    let settings: PoolForm
    let attach: AttachForm
    let newRule: RuleForm
    let fragment: String

    /// `spread`: nil where it cannot be told.
    init(_ pool: API.Pool, spread: Spread?, settings: PoolForm, attach: AttachForm, newRule: RuleForm) {
        let row = PoolRow(pool)
        self.id = row.id
        self.name = pool.name
        self.description = pool.description
        self.kind = row.kind
        self.deviceClass = pool.deviceClass.rawValue
        self.preparation = row.preparation
        self.stickiness = row.stickiness
        self.free = row.free
        self.counts = StateCount.counts(of: pool.devices, filter: "pool=\(pool.name)", kind: pool.kind)
        self.squares = row.squares
        self.devices = pool.devices.map { DeviceRow($0) }
        self.hasNoDevices = pool.devices.isEmpty
        self.rules = pool.rules.map { RuleLine($0, pool: pool) }
        self.hasNoRules = pool.rules.isEmpty
        self.vms = row.vms
        self.isUnused = row.vms.isEmpty
        self.findings = row.findings
        self.base = Link.pool(pool.name)
        self.spread = spread
        self.listHref = Link.devices(kind: pool.kind)
        self.whatIfHref = Link.whatIf([("show", pool.name)])
        self.revision = pool.revision
        self.settings = settings
        self.attach = attach
        self.newRule = newRule
        self.fragment = "/fragments" + Link.pool(pool.name)
    }
}

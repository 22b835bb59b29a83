import PatchbayAPI
import PatchbayCore

/// The settings of a pool, new or not.
struct PoolForm: Sendable, Hashable {
    let action: String
    let isNew: Bool
    let name: String
    let nameHint: Hint?
    /// The name must be filled in before the form is sent; not where another pool can be chosen.
    let needsName: Bool
    /// Empty: the kind is given.
    let kinds: [Choice]
    let canChooseKind: Bool
    let kindLabel: String
    /// Of each kind that can be chosen.
    let firstRules: [FirstRule]
    let poolDescription: String
    let classes: [Choice]
    let preparations: [Choice]
    let stickinesses: [Choice]
    /// Of USB devices; empty: they cannot be.
    let guestResets: [Choice]
    let hasGuestResets: Bool
    let revision: String
    let poolProblem: ProblemNote?

    /// Conditions of the rule that the pool begins with: every kind has fields of its own.
    struct FirstRule: Sendable, Hashable {
        let kind: String
        let kindLabel: String
        let lines: [RuleForm.ConditionLine]

        static let lines = 2

        init(_ kind: DeviceKind, typed: FormFields) {
            self.kind = kind.rawValue
            self.kindLabel = kind.label
            let entry = RuleEntry(typed.own(of: kind))
            let blank = API.Condition(field: "", comparison: "=", value: "")
            let lines = entry.lines + Array(repeating: blank, count: max(0, Self.lines - entry.lines.count))
            self.lines = zip(1..., lines).map { RuleForm.ConditionLine($1, of: kind, position: $0, hint: nil) }
        }
    }

    /// A new pool of a kind that is chosen.
    init(typed: FormFields = FormFields(), problem: Problem? = nil) {
        let chosen = typed.raw("kind").flatMap(DeviceKind.init) ?? .pci
        self.init(
            action: "/pools", isNew: true, kind: chosen, canChooseKind: true, needsName: true, typed: typed,
            problem: problem)
    }

    /// A new pool for devices of one kind, where one of those that are there may be chosen as well.
    init(of kind: DeviceKind, typed: FormFields) {
        self.init(action: "/pools", isNew: true, kind: kind, needsName: false, typed: typed)
    }

    /// One that is there; what was typed comes before what is stored.
    init(_ pool: API.Pool, typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.init(
            action: Link.pool(pool.name) + "/edit", isNew: false, kind: pool.kind, needsName: false, pool: pool,
            typed: typed, problem: problem)
    }

    private init(
        action: String, isNew: Bool, kind: DeviceKind, canChooseKind: Bool = false, needsName: Bool,
        pool: API.Pool? = nil, typed: FormFields, problem: Problem? = nil
    ) {
        self.action = action
        self.isNew = isNew
        self.name = pool?.name ?? typed.raw("pool") ?? ""
        self.nameHint = isNew && problem != nil && name.trimmed.isEmpty ? Hint("Give the pool a name.") : nil
        self.needsName = needsName
        self.kinds = DeviceKind.allCases.map { Choice($0.rawValue, $0.label, selected: kind.rawValue) }
        self.canChooseKind = canChooseKind
        self.kindLabel = kind.label
        self.firstRules = canChooseKind ? DeviceKind.allCases.map { FirstRule($0, typed: typed) } : []
        self.poolDescription = typed.raw("description") ?? pool?.description ?? ""
        let usualClass = canChooseKind ? "" : (pool?.deviceClass ?? kind.usualClass).rawValue
        let deviceClass = typed.raw("class") ?? usualClass
        self.classes =
            (canChooseKind ? [Choice("", "from its kind", selected: deviceClass)] : [])
            + PoolClass.allCases.map { Choice($0.rawValue, $0.rawValue, selected: deviceClass) }
        let preparation = typed.raw("preparation") ?? (pool?.preparation ?? .onDemand).rawValue
        self.preparations = Pool.Preparation.allCases.map {
            Choice($0.rawValue, canChooseKind ? Self.words($0) : kind.words($0), selected: preparation)
        }
        let stickiness = typed.raw("sticky") ?? (pool?.sticky ?? .storage).rawValue
        self.stickinesses = Pool.Stickiness.allCases.map {
            Choice($0.rawValue, $0.words, selected: stickiness)
        }
        let guestReset = typed.raw("guestReset") ?? (pool?.guestReset ?? .uninitialized).rawValue
        self.guestResets =
            canChooseKind || kind == .usb
            ? GuestReset.allCases.map { Choice($0.rawValue, $0.words, selected: guestReset) } : []
        self.hasGuestResets = !guestResets.isEmpty
        self.revision = pool.map { String($0.revision) } ?? ""
        self.poolProblem = problem.map { ProblemNote($0) }
    }

    /// Of devices of any kind.
    private static func words(_ preparation: Pool.Preparation) -> String {
        switch preparation {
        case .eager: "unbound from their drivers as soon as they join"
        case .onDemand: "on their own drivers until a VM gets them"
        }
    }

    /// What the fields of the form say.
    static func draft(of fields: FormFields) throws(Problem) -> API.PoolDraft {
        let name = fields["pool"]
        let kind: DeviceKind? = try fields.choice("kind", "The kind")
        var draft = API.PoolDraft(
            name: name, kind: kind, description: fields["description"] ?? "",
            deviceClass: try fields.choice("class", "The class") ?? kind?.usualClass,
            preparation: try fields.choice("preparation", "The preparation"),
            sticky: try fields.choice("sticky", "What a VM gets again"))
        if kind != .pci { draft.guestReset = try fields.choice("guestReset", "What becomes of guest resets") }
        var entry = RuleEntry(fields.own(of: kind ?? .pci))
        guard entry.lines.contains(where: { !$0.isBlank }) else { return draft }
        entry.name = "rule-1"
        entry.isEnabled = true
        draft.rules = [try entry.rule(for: kind ?? .pci)]
        return draft
    }
}

extension FormFields {
    /// The fields that stand there for one kind of device: `usb.field` is its `field`.
    fileprivate func own(of kind: DeviceKind) -> FormFields {
        let prefix = kind.rawValue + "."
        return FormFields(
            fields.filter { $0.name.hasPrefix(prefix) }.map {
                Field(name: String($0.name.dropFirst(prefix.count)), value: $0.value)
            })
    }
}

extension GuestReset {
    /// What becomes of them.
    var words: String {
        switch self {
        case .off: "ignored"
        case .uninitialized: "passed on once the guest has set the device up"
        case .on: "always passed on"
        }
    }
}

extension Pool.Stickiness {
    /// What a VM gets of the pool at its next start.
    var words: String {
        switch self {
        case .always: "the same device, or the VM is not started"
        case .preferred: "the same device where it is free"
        case .storage: "the same disk, any other device"
        case .never: "any device"
        }
    }
}

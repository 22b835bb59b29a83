import PatchbayAPI
import PatchbayCore

/// All pools and what is left in them.
struct PoolListPage: Sendable, Hashable {
    let rows: [PoolRow]
    let isEmpty: Bool

    init(_ pools: [API.Pool]) {
        self.rows = pools.map(PoolRow.init)
        self.isEmpty = pools.isEmpty
    }
}

struct PoolRow: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let description: String
    let deviceClass: String
    let preparation: String
    let squares: [StateMark]
    let free: String
    let rules: String
    let vms: [Anchor]
    let findings: [FindingNote]

    init(_ pool: API.Pool) {
        self.id = "pool-\(API.Device.elementID(of: pool.name))"
        self.name = pool.name
        self.href = Link.pool(pool.name)
        self.description = pool.description
        self.deviceClass = pool.deviceClass.rawValue
        self.preparation = PoolPage.words(pool.preparation)
        self.squares = pool.devices.prefix(48).map { StateMark($0.state) }
        let free = pool.devices.filter { $0.state == .free }.count
        self.free = "\(free) of \(pool.devices.count) free"
        self.rules = "\(pool.rules.count) rule\(pool.rules.count == 1 ? "" : "s")"
        self.vms = pool.vms.map { Anchor(text: $0, href: Link.vm($0)) }
        self.findings = pool.findings.map(FindingNote.init)
    }
}

/// What matches, how much is left, who uses it, and by which rules.
struct PoolPage: Sendable {
    let id: String
    let name: String
    let description: String
    let deviceClass: String
    let preparation: String
    let free: String
    let squares: [StateMark]
    let devices: [DeviceRow]
    let hasNoDevices: Bool
    let rules: [RuleLine]
    let hasNoRules: Bool
    let vms: [Anchor]
    let isUnused: Bool
    let findings: [FindingNote]
    let base: String
    let revision: Int
    let settings: PoolForm
    let attach: AttachForm
    let fragment: String

    init(_ pool: API.Pool, settings: PoolForm, attach: AttachForm) {
        let row = PoolRow(pool)
        self.id = row.id
        self.name = pool.name
        self.description = pool.description
        self.deviceClass = pool.deviceClass.rawValue
        self.preparation = Self.words(pool.preparation)
        self.free = row.free
        self.squares = row.squares
        self.devices = pool.devices.map { DeviceRow($0) }
        self.hasNoDevices = pool.devices.isEmpty
        self.rules = pool.rules.map { RuleLine($0, pool: pool) }
        self.hasNoRules = pool.rules.isEmpty
        self.vms = row.vms
        self.isUnused = row.vms.isEmpty
        self.findings = row.findings
        self.base = Link.pool(pool.name)
        self.revision = pool.revision
        self.settings = settings
        self.attach = attach
        self.fragment = "/fragments" + Link.pool(pool.name)
    }

    static func words(_ preparation: Pool.Preparation) -> String {
        switch preparation {
        case .eager: "on vfio-pci from the moment they join"
        case .onDemand: "on their own driver until a VM starts"
        }
    }
}

/// A rule of a pool in the list.
struct RuleLine: Sendable, Hashable {
    let rule: String
    let href: String
    let host: String
    let isEnabled: Bool
    let conditions: [String]
    let madeFrom: Anchor?
    let isWithoutCondition: Bool
    let toggleWord: String

    init(_ rule: API.Rule, pool: API.Pool) {
        self.rule = rule.name
        self.href = Link.rule(rule.name, of: pool.name)
        self.host = rule.host ?? "any host"
        self.isEnabled = rule.isEnabled
        self.conditions = rule.conditions.map { "\($0.field) \($0.comparison) \($0.value)" }
        self.madeFrom = rule.madeFrom.map { Anchor(text: $0, href: Link.device(id: $0)) }
        self.isWithoutCondition = rule.conditions.isEmpty
        self.toggleWord = rule.isEnabled ? "Disable" : "Enable"
    }
}

/// The settings of a pool, new or not.
struct PoolForm: Sendable, Hashable {
    let action: String
    let isNew: Bool
    let name: String
    let poolDescription: String
    let classes: [Choice]
    let preparations: [Choice]
    let revision: String
    let poolProblem: ProblemNote?

    /// A new pool.
    init(typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.init(
            action: "/pools", isNew: true, name: typed.raw("pool") ?? "", description: typed.raw("description") ?? "",
            deviceClass: typed.raw("class") ?? PoolClass.pci.rawValue,
            preparation: typed.raw("preparation") ?? Pool.Preparation.onDemand.rawValue, revision: "", problem: problem)
    }

    /// One that is there; what was typed comes before what is stored.
    init(_ pool: API.Pool, typed: FormFields = FormFields(), problem: Problem? = nil) {
        self.init(
            action: Link.pool(pool.name) + "/edit", isNew: false, name: pool.name,
            description: typed.raw("description") ?? pool.description,
            deviceClass: typed.raw("class") ?? pool.deviceClass.rawValue,
            preparation: typed.raw("preparation") ?? pool.preparation.rawValue, revision: String(pool.revision),
            problem: problem)
    }

    private init(
        action: String, isNew: Bool, name: String, description: String, deviceClass: String, preparation: String,
        revision: String, problem: Problem?
    ) {
        self.action = action
        self.isNew = isNew
        self.name = name
        self.poolDescription = description
        self.classes = PoolClass.allCases.map { Choice($0.rawValue, $0.rawValue, selected: deviceClass) }
        self.preparations = Pool.Preparation.allCases.map {
            Choice($0.rawValue, PoolPage.words($0), selected: preparation)
        }
        self.revision = revision
        self.poolProblem = problem.map { ProblemNote($0) }
    }

    /// What the fields of the form say.
    static func draft(of fields: FormFields) throws(Problem) -> API.PoolDraft {
        API.PoolDraft(
            name: fields["pool"], description: fields["description"] ?? "",
            deviceClass: try choice(PoolClass.self, fields["class"], "The class"),
            preparation: try choice(Pool.Preparation.self, fields["preparation"], "The preparation"))
    }

    private static func choice<Value: RawRepresentable<String>>(
        _ type: Value.Type, _ text: String?, _ what: String
    ) throws(Problem) -> Value? {
        guard let text else { return nil }
        guard let value = Value(rawValue: text) else {
            throw Problem(.malformedInput, "\(what) \"\(text)\" is not known.", next: ["Choose one from the list."])
        }
        return value
    }
}

/// Adds or changes a rule: conditions with operators, for one host or any, with the devices it would match.
struct RuleForm: Sendable, Hashable {
    static let spareLines = 2

    let pool: String
    let poolHref: String
    let action: String
    let isNew: Bool
    let rule: String
    let madeFrom: String
    let hosts: [Choice]
    let isEnabled: Bool
    let lines: [ConditionLine]
    let revision: String
    let problem: ProblemNote?
    let preview: RuleMatches?
    let deleteAction: String

    struct ConditionLine: Sendable, Hashable {
        let fields: [Choice]
        let comparisons: [Choice]
        let value: String
        let position: Int
    }

    init(
        pool: API.Pool, old: String?, rule: API.Rule, hosts: [String], preview: API.RulePreview? = nil,
        revision: String? = nil, problem: Problem? = nil
    ) {
        self.pool = pool.name
        self.poolHref = Link.pool(pool.name)
        self.action = old.map { Link.rule($0, of: pool.name) } ?? Link.pool(pool.name) + "/rules"
        self.isNew = old == nil
        self.rule = rule.name
        self.madeFrom = rule.madeFrom ?? ""
        self.hosts =
            [Choice("", "any host", selected: rule.host ?? "")]
            + hosts.map { Choice($0, $0, selected: rule.host) }
        self.isEnabled = rule.isEnabled
        let spare = Array(repeating: API.Condition(field: "", comparison: "=", value: ""), count: Self.spareLines)
        self.lines = zip(1..., rule.conditions + spare).map { position, condition in
            ConditionLine(
                fields: [Choice("", "–", selected: condition.field)]
                    + DeviceField.allCases.filter { !Self.derived.contains($0) }
                    .map { Choice($0.rawValue, $0.rawValue, selected: condition.field) },
                comparisons: Condition.Comparison.allCases.map {
                    Choice($0.rawValue, "\($0.rawValue)  \(Self.words($0))", selected: condition.comparison)
                },
                value: condition.value, position: position)
        }
        self.revision = revision ?? String(pool.revision)
        self.problem = problem.map { ProblemNote($0) }
        self.preview = preview.map { RuleMatches($0, isEnabled: rule.isEnabled) }
        self.deleteAction = old.map { Link.rule($0, of: pool.name) + "/delete" } ?? ""
    }

    /// What the fields of the form say. Lines without a field are left out.
    static func rule(of fields: FormFields) throws(Problem) -> API.Rule {
        API.Rule(
            name: try fields.required("rule", "The name of the rule"), host: fields["host"],
            isEnabled: fields["enabled"] != nil, conditions: conditions(of: fields), madeFrom: fields["madeFrom"])
    }

    /// The same for showing it again, whatever is missing.
    static func draft(of fields: FormFields) -> API.Rule {
        API.Rule(
            name: fields.raw("rule") ?? "", host: fields["host"], isEnabled: fields["enabled"] != nil,
            conditions: conditions(of: fields), madeFrom: fields["madeFrom"])
    }

    private static func conditions(of fields: FormFields) -> [API.Condition] {
        let names = fields.all("field")
        let comparisons = fields.all("comparison")
        let values = fields.all("value")
        return names.indices.compactMap { index in
            guard !names[index].isEmpty, comparisons.indices.contains(index), values.indices.contains(index) else {
                return nil
            }
            return API.Condition(field: names[index], comparison: comparisons[index], value: values[index].trimmed)
        }
    }

    /// A rule asks for facts of the hardware; what Patchbay derives from rules cannot be one of them.
    private static let derived: Set<DeviceField> = [.state, .pool, .vm]

    private static func words(_ comparison: Condition.Comparison) -> String {
        switch comparison {
        case .equal: "equals"
        case .notEqual: "does not equal"
        case .less: "less than"
        case .lessOrEqual: "at most"
        case .greater: "greater than"
        case .greaterOrEqual: "at least"
        case .begins: "begins with"
        case .ends: "ends with"
        case .contains: "contains"
        case .containsAnyCase: "contains, any case"
        case .matches: "matches (regular expression)"
        }
    }
}

/// The devices that a rule would match.
struct RuleMatches: Sendable, Hashable {
    let heading: String
    let matches: [DeviceRow]
    let matchesNothing: Bool
    let previewFindings: [FindingNote]

    init(_ preview: API.RulePreview, isEnabled: Bool) {
        let count = preview.devices.count
        self.heading =
            (count == 0 ? "Matches no device" : "Matches \(count) device\(count == 1 ? "" : "s")")
            + (isEnabled ? "" : ", once it is enabled")
        self.matches = preview.devices.map { DeviceRow($0) }
        self.matchesNothing = count == 0
        self.previewFindings = preview.findings.map(FindingNote.init)
    }
}

import PatchbayAPI
import PatchbayCore

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
            deviceClass: try fields.choice("class", "The class"),
            preparation: try fields.choice("preparation", "The preparation"))
    }
}

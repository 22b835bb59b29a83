import PatchbayAPI
import PatchbayCore
import PatchbayText

/// One request in the form for a claim, as it was typed. Each line has every field, so that the n-th of a name is the
/// n-th line's.
struct ClaimRequestFields: Sendable, Hashable {
    static let names = ["pool", "count", "numa", "topology", "group", "need", "tags", "device", "name"]

    let position: Int
    let pools: [Choice]
    let count: String
    let numas: [Choice]
    let topologies: [Choice]
    let groups: [Choice]
    let needs: [Choice]
    let tags: String
    let device: String
    let name: String
    let hasMore: Bool
    let note: Hint?

    /// `typed`: nil for a line that is still empty.
    init(_ position: Int, _ typed: Typed?, pools: [String], note: Problem?) {
        let typed = typed ?? Typed()
        self.position = position
        var known = pools
        if !typed.pool.isEmpty, !known.contains(typed.pool) { known.append(typed.pool) }
        self.pools =
            [Choice("", "–", selected: typed.pool)] + known.map { Choice($0, $0, selected: typed.pool) }
        self.count = typed.count
        self.numas =
            [Choice("", "not required", selected: typed.numa)]
            + NUMAPolicy.allCases.map { Choice($0.rawValue, $0.rawValue, selected: typed.numa) }
        self.topologies =
            [Choice("", "anywhere", selected: typed.topology)]
            + TopologyPolicy.allCases.map {
                Choice($0.rawValue, $0.words, selected: typed.topology)
            }
        self.groups = GroupPolicy.allCases.map {
            Choice($0.rawValue, $0.words, selected: typed.group)
        }
        self.needs = [("", "needed"), ("optional", "optional")].map {
            Choice($0.0, $0.1, selected: typed.need)
        }
        self.tags = typed.tags
        self.device = typed.device
        self.name = typed.name
        self.hasMore =
            !(typed.tags + typed.device + typed.name + typed.need).isEmpty
            || typed.group == GroupPolicy.isolate.rawValue
        self.note = note.map { Hint($0) }
    }

    /// What the fields of one line say.
    struct Typed: Sendable, Hashable {
        var pool = ""
        var count = "1"
        var numa = ""
        var topology = ""
        var group = GroupPolicy.none.rawValue
        var need = ""
        var tags = ""
        var device = ""
        var name = ""

        var isBlank: Bool { pool.trimmed.isEmpty && device.trimmed.isEmpty }

        /// As the form sends them, in the order of `names`.
        var fields: [FormFields.Field] {
            let values = [pool, count, numa, topology, group, need, tags, device, name]
            return zip(ClaimRequestFields.names, values).map { FormFields.Field(name: $0, value: $1) }
        }

        init() {}

        /// The `index`-th line, counted from 0.
        init(_ fields: FormFields, at index: Int) {
            func field(_ name: String, or other: String = "") -> String {
                let all = fields.all(name)
                return all.indices.contains(index) ? all[index] : other
            }
            pool = field("pool")
            count = field("count", or: "1")
            numa = field("numa")
            topology = field("topology")
            group = field("group", or: GroupPolicy.none.rawValue)
            need = field("need")
            tags = field("tags")
            device = field("device")
            name = field("name")
        }

        static func all(of fields: FormFields) -> [Typed] {
            let count = names.map { fields.all($0).count }.max() ?? 0
            return (0..<count).map { Typed(fields, at: $0) }
        }

        /// - Parameter taken: names of the requests before it.
        func draft(besides taken: [String]) throws(Problem) -> API.RequestDraft {
            let exact = device.trimmed
            let asked = pool.trimmed
            guard exact.isEmpty || asked.isEmpty else {
                throw Problem(
                    .malformedInput, "Both pool \(asked) and device \(exact) are chosen.",
                    next: ["Choose either the pool or the device."])
            }
            let line = FormFields(["count": count, "numa": numa, "topology": topology, "group": group, "need": need])
            let number = try line.number("count", "The count", in: 1...256) ?? 1
            let isOptional = try line.choice("need", "The need") as Need?
            let group = try line.choice("group", "The group policy") as GroupPolicy?
            let values = try NamedValues.parse(tags, "tag", example: "physical_network=lan")
            try TagText.validate(values, of: "Request \(taken.count + 1)", .malformedInput)
            return API.RequestDraft(
                pool: asked.isEmpty ? nil : asked, device: exact.isEmpty ? nil : exact,
                count: exact.isEmpty ? number : nil, name: requestName(besides: taken),
                isOptional: isOptional.map { _ in true }, numa: try line.choice("numa", "The NUMA policy"),
                groupPolicy: group == .isolate ? .isolate : nil,
                topology: try line.choice("topology", "The topology"), tags: values.isEmpty ? nil : values)
        }

        /// What a line can say of how much it is needed; nothing: it is.
        private enum Need: String { case optional }

        /// What was typed, or one that is made from the pool: explanations name requests, and lead back to the line.
        private func requestName(besides taken: [String]) -> String? {
            guard name.trimmed.isEmpty else { return name.trimmed }
            guard !pool.trimmed.isEmpty else { return nil }
            return (1...).lazy.map { "\(pool.trimmed)-\($0)" }.first { !taken.contains($0) }
        }
    }
}

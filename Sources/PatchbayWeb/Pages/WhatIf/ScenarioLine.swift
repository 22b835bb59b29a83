import PatchbayAPI
import PatchbayCore

/// One line of the form for what is otherwise: what becomes of what. Changes are made in the order of the lines.
struct ScenarioLine: Sendable, Hashable {
    let position: Int
    let kinds: [Choice]
    let what: String
    let note: Hint?

    /// `typed`: nil for a line that is still empty.
    init(_ position: Int, _ typed: Typed?, note: Problem?) {
        let typed = typed ?? Typed()
        self.position = position
        self.kinds =
            [Choice("", "–", selected: typed.kind)]
            + Kind.allCases.map { Choice($0.rawValue, $0.label, selected: typed.kind) }
        self.what = typed.what
        self.note = note.map { Hint($0) }
    }

    /// The words are those of the command line: `--host-gone`, `--drain`.
    enum Kind: String, Sendable, CaseIterable {
        case drain
        case hostGone = "host-gone"
        case deviceGone = "device-gone"
        case joinGroups = "join-groups"
        case splitGroup = "split-group"

        var label: String {
            switch self {
            case .drain: "Drain a host"
            case .hostGone: "Remove a host"
            case .deviceGone: "Remove a device"
            case .joinGroups: "Join IOMMU groups"
            case .splitGroup: "Split an IOMMU group"
            }
        }

        fileprivate var example: String {
            switch self {
            case .drain, .hostGone: "Write the name of a host."
            case .deviceGone, .splitGroup: "Write a device: atlas/41:00.0"
            case .joinGroups: "Write two or more devices of one host: atlas/41:00.0, atlas/42:00.0"
            }
        }
    }

    /// What the fields of one line say.
    struct Typed: Sendable, Hashable {
        var kind = ""
        var what = ""

        static func all(of fields: FormFields) -> [Typed] {
            let (kinds, whats) = (fields.all("change"), fields.all("what"))
            return (0..<max(kinds.count, whats.count)).map { index in
                Typed(
                    kind: kinds.indices.contains(index) ? kinds[index].trimmed : "",
                    what: whats.indices.contains(index) ? whats[index] : "")
            }
        }

        var isBlank: Bool { kind.isEmpty && what.trimmed.isEmpty }

        /// The names that are written, by commas or spaces.
        var names: [String] { what.split { $0 == "," || $0.isWhitespace }.map(String.init) }

        /// One for each name; devices that share a group are one change.
        func changes() throws(Problem) -> [API.ScenarioChange] {
            guard let kind = try FormFields(["change": kind]).choice("change", "The change") as Kind? else {
                throw Problem(
                    .malformedInput, "Choose what happens to \(what.trimmed).",
                    next: ["Choose it from the list."])
            }
            guard !names.isEmpty else {
                throw Problem(.malformedInput, "The host or device is missing.", next: [NextStep(kind.example)])
            }
            switch kind {
            case .drain: return names.map { API.ScenarioChange(drain: $0) }
            case .hostGone: return names.map { API.ScenarioChange(hostGone: $0) }
            case .deviceGone: return names.map { API.ScenarioChange(deviceGone: $0) }
            case .splitGroup: return names.map { API.ScenarioChange(splitGroup: $0) }
            case .joinGroups:
                guard names.count > 1 else {
                    throw Problem(
                        .malformedInput,
                        "\(names[0]) alone cannot join a group: name at least two devices.",
                        next: [NextStep(kind.example)])
                }
                return [API.ScenarioChange(joinGroups: names)]
            }
        }
    }
}

import PatchbayCore

/// How long a lease lasts, as a form asks for it: a number and a unit.
struct LeaseLength: Sendable, Hashable {
    enum Unit: String, Sendable, CaseIterable {
        case minutes, hours, days

        var seconds: Int {
            switch self {
            case .minutes: 60
            case .hours: 3600
            case .days: 86_400
            }
        }
    }

    let count: String
    let units: [Choice]

    /// What was typed, or the seconds in the largest unit that divides them.
    init(typed: FormFields, seconds: Int? = nil) {
        let unit = seconds.map { seconds in Unit.allCases.last { seconds % $0.seconds == 0 } ?? .minutes } ?? .hours
        let rest = seconds.map { String(max(1, $0 / unit.seconds)) } ?? ""
        self.count = typed.raw("lease") ?? rest
        let chosen = typed.raw("leaseUnit") ?? unit.rawValue
        self.units = Unit.allCases.map { Choice($0.rawValue, $0.rawValue, selected: chosen) }
    }

    /// Seconds; nil: nothing was typed.
    static func seconds(of fields: FormFields) throws(Problem) -> Int? {
        let unit = Unit(rawValue: fields["leaseUnit"] ?? "") ?? .hours
        return try fields.number("lease", "The lease", in: 1...100_000).map { $0 * unit.seconds }
    }

    /// `4 h`, `1 day`: exact where a unit divides it.
    static func words(_ seconds: Int) -> String {
        let units = [(86_400, "day"), (3600, "h"), (60, "min"), (1, "s")]
        let (size, word) = units.first { seconds % $0.0 == 0 } ?? (1, "s")
        let count = seconds / size
        return "\(count) \(word)\(word == "day" && count != 1 ? "s" : "")"
    }
}

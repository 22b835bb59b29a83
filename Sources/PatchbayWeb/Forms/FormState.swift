import PatchbayCore

/// A form while it is filled in: what is in its fields, and what is wrong with that, by place.
struct FormState<Place: Hashable & Sendable>: Sendable {
    let fields: FormFields
    private(set) var problems: [Place: Problem] = [:]

    init(_ fields: FormFields) { self.fields = fields }

    func hint(_ place: Place) -> Hint? { problems[place].map { Hint($0) } }

    /// What is read of the fields; nil: it is wrong, and that is said at the place.
    mutating func read<Value>(_ place: Place, _ read: (FormFields) throws(Problem) -> Value?) -> Value? {
        do throws(Problem) {
            return try read(fields)
        } catch {
            problems[place] = error
            return nil
        }
    }

    /// Where the fields of a place are wrong together, that is said there.
    mutating func check(_ place: Place, _ check: () throws(Problem) -> Void) {
        do throws(Problem) { try check() } catch { problems[place] = error }
    }

    /// Throws what is wrong at the first of the places where something is.
    func check(_ places: [Place]) throws(Problem) {
        for place in places { if let problem = problems[place] { throw problem } }
    }
}

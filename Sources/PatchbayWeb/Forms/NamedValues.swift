import PatchbayCore

/// Tags and labels as people type them: NAME=VALUE, one a line; a value may have spaces.
enum NamedValues {
    /// - Parameters:
    ///   - what: `tag`, `label`
    ///   - example: what a line could be.
    ///
    /// Empty lines are left out. Throws `.malformedInput` for a line without `=`, and for a name that comes twice.
    static func parse(_ text: String, _ what: String, example: String) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline).map(\.trimmed) where !line.isEmpty {
            guard let cut = line.firstIndex(of: "="), cut != line.startIndex else {
                throw Problem(
                    .malformedInput, "\"\(line)\" is not a valid \(what).", next: ["Write NAME=VALUE: \(example)"])
            }
            let name = line[..<cut].trimmed
            guard values.updateValue(line[line.index(after: cut)...].trimmed, forKey: name) == nil else {
                throw Problem(
                    .malformedInput, "The \(what) \(name) is given twice.", next: ["Remove one of them."])
            }
        }
        return values
    }

    static func text(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}

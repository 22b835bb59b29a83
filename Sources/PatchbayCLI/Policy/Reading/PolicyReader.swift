import PatchbayCore
import PatchbayText
import Yams

/// Reads documents one after the other and goes on after a mistake, so that all mistakes are told at once.
struct PolicyReader {
    var policy = Policy()
    /// `gpus.yaml:5: "were" is not a field of a rule.`
    private(set) var mistakes: [String] = []
    /// The file that is being read.
    private var file = ""

    mutating func read(_ file: PolicyFile) {
        self.file = file.name
        do {
            // Named, because the library's own default asks the environment.
            let parser = try Parser(yaml: file.text, encoding: .utf8)
            while let node = try parser.nextRoot() { document(node) }
        } catch { refuse(error) }
    }

    private mutating func document(_ node: Node) {
        // A document with nothing in it: a comment, or `---` at the end.
        if Self.isEmpty(node) { return }
        guard case .mapping(let mapping) = node else {
            return refuse(node, "A document must be a mapping that begins with \"pool:\" or \"profile:\".")
        }
        let keys = Set(mapping.keys.compactMap { $0.scalar?.string })
        switch (keys.contains("pool"), keys.contains("profile"), keys.contains("expect")) {
        case (true, false, _): pool(node)
        case (false, true, _): profile(node)
        case (false, false, true):
            guard let fields = fields(node, of: "a document of expectations", ["expect"]) else { return }
            expectations(fields, for: nil)
        case (true, true, _): refuse(node, "A document is about one thing, but this one has \"pool\" and \"profile\".")
        case (false, false, false):
            refuse(node, "A document has \"pool\", \"profile\" or \"expect\", but this one has none of them.")
        }
    }

    /// Keeps the text of a mistake with its place.
    mutating func refuse(_ node: Node, _ sentence: String) { refuse(place(of: node), sentence) }
    mutating func refuse(_ place: Policy.Place, _ sentence: String) { mistakes.append("\(place): \(sentence)") }

    func place(of node: Node) -> Policy.Place { Policy.Place(file: file, line: node.mark?.line ?? 1) }

    /// Does what may fail, and keeps the mistake.
    mutating func checking<Value>(_ place: Policy.Place, _ body: () throws(Problem) -> Value) -> Value? {
        do { return try body() } catch {
            refuse(place, ([error.detail] + error.next.prefix(1).map(\.text)).joined(separator: " "))
            return nil
        }
    }

    /// Adds what a document is about, unless another has that name already.
    mutating func keep<Value>(
        _ value: Value, at place: Policy.Place, in list: WritableKeyPath<Policy, [Policy.Placed<Value>]>,
        name: KeyPath<Value, String>, word: String
    ) {
        if let other = policy[keyPath: list].first(where: { $0.value[keyPath: name] == value[keyPath: name] }) {
            return refuse(place, "\(word) \"\(value[keyPath: name])\" is already in \(other.place).")
        }
        policy[keyPath: list].append(Policy.Placed(value: value, place: place))
    }

    static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension PolicyReader {
    /// What the library says about text that is no YAML, with the line it names.
    private mutating func refuse(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            refuse(Policy.Place(file: file, line: mark.line), "It is not YAML: \(problem).")
        case .duplicatedKeysInMapping(let keys, let context)?:
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            refuse(Policy.Place(file: file, line: context.mark.line), "\(names) is given twice.")
        case .reader(let problem, let offset, _, let yaml)?:
            let before = yaml.prefix(offset ?? 0)
            refuse(
                Policy.Place(file: file, line: before.count(where: \.isNewline) + 1), "It is not YAML: \(problem).")
        case .no?, .memory?, .writer?, .emitter?, .representer?, .dataCouldNotBeDecoded?, nil:
            refuse(Policy.Place(file: file, line: 1), "It cannot be read: \(error).")
        }
    }
}

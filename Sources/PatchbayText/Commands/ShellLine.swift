/// The command that does what a request asks for. It is made from the request that is sent, so that it cannot say less.
///
/// Every form of the dashboard shows one; the command line reads it back into the same request.
package struct ShellLine: Hashable, Sendable {
    /// What is behind `patchbay`.
    package private(set) var words: [String]
    /// With `sudo` before it.
    private var asRoot = false
    /// The file that its output goes to.
    private var output: String?

    package init(_ words: String...) { self.words = words }

    package init(_ words: [String], asRoot: Bool = false, output: String? = nil) {
        self.words = words
        self.asRoot = asRoot
        self.output = output
    }

    /// As it can be typed.
    package var text: String {
        let line = ((asRoot ? ["sudo", "patchbay"] : ["patchbay"]) + words).map(Self.quoted)
        return (line + (output.map { [">", Self.quoted($0)] } ?? [])).joined(separator: " ")
    }

    /// In quotes where the shell would make something else of it.
    package static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.isASCII && $0.properties.isAlphabetic || "0123456789-_./:=,@%+".unicodeScalars.contains($0)
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// An option with its value; nothing where there is none. A value that begins like an option is tied to it.
    package mutating func add(_ option: String, _ value: String?) {
        guard let value else { return }
        words += value.hasPrefix("-") ? ["\(option)=\(value)"] : [option, value]
    }

    package mutating func add(_ flag: String, if isSet: Bool?) { if isSet == true { words.append(flag) } }

    package mutating func add(_ option: String, pairs: [String: String]) {
        for (name, value) in pairs.sorted(by: { $0.key < $1.key }) { add(option, "\(name)=\(value)") }
    }
}

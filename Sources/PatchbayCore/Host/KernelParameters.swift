/// The parameters of a kernel command line, in their order.
///
/// Source: `Documentation/admin-guide/kernel-parameters.rst`: parted by blanks, a value with blanks is in double quotes,
/// and in names `-` and `_` mean the same.
package struct KernelParameters: Hashable, Sendable {
    package let words: [String]

    package init(_ words: [String]) { self.words = words }

    /// Splits a line as the kernel does (`lib/cmdline.c`, `next_arg`). Quotes are kept: they are part of what is written.
    package init(parsing line: some StringProtocol) {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character.isWhitespace, !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        self.words = words
    }

    /// The value of every `name=value`, without quotes; a bare `name` has the value "".
    package func values(of name: String) -> [String] {
        let wanted = Self.normalised(name)
        return words.compactMap { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard Self.normalised(String(parts[0])) == wanted else { return nil }
            return parts.count == 2 ? parts[1].filter { $0 != "\"" } : ""
        }
    }

    package func contains(_ name: String) -> Bool { !values(of: name).isEmpty }

    private static func normalised(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}

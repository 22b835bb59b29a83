/// A command line as it can be typed again.
enum ShellWords {
    /// `patchbay` and what is behind it.
    static func line(_ arguments: [String]) -> String {
        (["patchbay"] + arguments.map(quoted)).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,@%+".contains($0) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

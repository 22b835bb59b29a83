import PatchbayCore

/// What the bytes of a journal file say.
struct JournalText {
    var entries: [JournalEntry] = []
    /// How many bytes of the file are whole lines; what follows was torn by a crash.
    var wholeLength = 0
    var tornLength = 0

    /// A bad last line was never acknowledged to anybody: it is left out. A bad line before others is an accident that
    /// nobody may guess about: `.corruptJournal`.
    init(_ bytes: [UInt8], path: String) throws(Problem) {
        var start = 0
        var number = 0
        while start < bytes.count {
            number += 1
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            if let entry = JournalLine.entry(bytes[start..<end]) {
                entries.append(entry)
            } else if end + 1 < bytes.count {
                throw Self.corrupt(line: number, path: path)
            } else {
                break
            }
            start = end + 1
        }
        wholeLength = start
        tornLength = bytes.count - start
    }

    private static func corrupt(line: Int, path: String) -> Problem {
        Problem(
            .corruptJournal, "Line \(line) of the journal \(path) is damaged, and more lines follow it.",
            evidence: ["Its checksum is wrong, so what was done to this host is not certain."],
            next: [
                "See the line: sed -n \(line)p \(path)",
                NextStep("Check the drivers of this host's devices", .inspectHost()),
                "When they are correct, move the file away and start the agent again.",
            ])
    }
}

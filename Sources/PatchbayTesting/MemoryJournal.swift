import PatchbayCore
import PatchbayHost

/// A journal that lasts as long as the process: for tests.
package actor MemoryJournal: Journal {
    private var lines: [JournalEntry]

    package init(_ lines: [JournalEntry] = []) { self.lines = lines }

    package func append(_ entry: JournalEntry) async throws(Problem) { lines.append(entry) }
    package func entries() async throws(Problem) -> [JournalEntry] { lines }
    package func findings() async -> [Finding] { [] }
}

import PatchbayCore

/// Where an agent writes down what it is about to do to its host, before it does it.
package protocol Journal: Sendable {
    /// Adds one line. When this returns, the line survives a power cut.
    ///
    /// Throws `.storeFailed`, `.corruptJournal`, or `.busy` when another agent writes the same journal.
    func append(_ entry: JournalEntry) async throws(Problem)
    /// Every line, oldest first. Throws like `append`.
    func entries() async throws(Problem) -> [JournalEntry]
    /// What had to be mended so far, for the log; empty when nothing was.
    func findings() async -> [Finding]
}

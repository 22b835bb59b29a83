import PatchbayCore
import SystemPackage

/// The journal of a real host: one file, a JSON line an entry, each with a checksum, on the disk before `append` returns.
///
/// Nothing is touched before the first use. Blocks its thread for the time of an `fsync`: an agent writes a few lines a
/// plan. Plans that ended are thinned out when the file has grown: see `JournalCompaction`.
package actor FileJournal: Journal {
    private let path: FilePath
    private let rewriteAbove: Int
    private let compaction: JournalCompaction
    private var open: (file: JournalFile, lines: [JournalEntry])?
    private var mended: [Finding] = []
    private var lengthAfterRewrite = 0

    /// - Parameter rewriteAbove: bytes the file may have before ended plans are thinned out.
    package init(path: String, rewriteAbove: Int = 1 << 20, compaction: JournalCompaction = JournalCompaction()) {
        self.path = FilePath(path)
        self.rewriteAbove = rewriteAbove
        self.compaction = compaction
    }

    package func append(_ entry: JournalEntry) async throws(Problem) {
        let bytes = try JournalLine.bytes(of: entry)
        let file = try opened().file
        do {
            try file.append(bytes)
        } catch {
            open = nil
            throw error
        }
        open?.lines.append(entry)
        if case .ended = entry { thinOut() }
    }

    package func entries() async throws(Problem) -> [JournalEntry] { try opened().lines }

    package func findings() async -> [Finding] { mended }

    private func opened() throws(Problem) -> (file: JournalFile, lines: [JournalEntry]) {
        if let open { return open }
        let file = try JournalFile(path: path)
        if file.text.tornLength > 0 {
            mended.append(
                Finding(
                    "journal-torn-line", .warning, subject: path.string,
                    "The last line of the journal was cut short by a crash; its \(file.text.tornLength) bytes were dropped."
                ))
        }
        let opened = (file, file.text.entries)
        open = opened
        return opened
    }

    /// The line that brought us here is safe already, so a failure here is told and nothing else: the old file stands,
    /// or the new one does, and the next use opens whichever it is.
    private func thinOut() {
        guard let (file, lines) = open, file.length > max(rewriteAbove, 2 * lengthAfterRewrite) else { return }
        do throws(Problem) {
            var bytes: [UInt8] = []
            for line in compaction.apply(to: lines) { bytes += try JournalLine.bytes(of: line) }
            lengthAfterRewrite = bytes.count
            try JournalFile.replace(path, with: bytes)
        } catch {
            mended.append(
                Finding("journal-not-compacted", .warning, subject: path.string, error.detail, next: error.next))
        }
        open = nil
    }
}

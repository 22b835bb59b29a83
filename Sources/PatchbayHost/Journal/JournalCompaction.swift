import PatchbayCore

/// Which lines of a grown journal are kept.
///
/// A plan that is not over keeps everything. Of ended plans the newest keep their story, older ones only the line with
/// their ending: enough to say again how they ended when they are delivered once more.
package struct JournalCompaction: Sendable {
    /// Ended plans that keep every line.
    package var stories: Int
    /// Ended plans that keep at least their ending.
    package var endings: Int

    package init(stories: Int = 50, endings: Int = 2000) {
        self.stories = stories
        self.endings = max(stories, endings)
    }

    package func apply(to lines: [JournalEntry]) -> [JournalEntry] {
        let ended = lines.filter(\.isEnding).map(\.plan)
        let whole = Set(ended.suffix(stories))
        let told = Set(ended.suffix(endings))
        let over = Set(ended)
        return lines.filter { line in
            !over.contains(line.plan) || whole.contains(line.plan) || (line.isEnding && told.contains(line.plan))
        }
    }
}

extension JournalEntry {
    fileprivate var isEnding: Bool {
        switch self {
        case .ended: true
        case .planned, .begin, .done, .beginUndo, .undone: false
        }
    }
}

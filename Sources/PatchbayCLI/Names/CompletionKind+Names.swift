import ArgumentParser
import PatchbayCore

extension CompletionKind {
    /// Names that the running server knows.
    static func names(_ kinds: Nameable...) -> CompletionKind {
        .custom { (words: [String], _: Int, prefix: String) async in
            offers(await NameLookup.names(kinds, arguments: words), for: prefix)
        }
    }

    /// What VMs have and have requested.
    static let holdings = CompletionKind.custom { (words: [String], _: Int, prefix: String) async in
        offers(await NameLookup.holdings(arguments: words), for: prefix)
    }

    /// Those that begin as what was typed; a device without its host, too, where that is how it was begun.
    private static func offers(_ names: [String], for prefix: String) -> [String] {
        let whole = names.filter { $0.hasPrefix(prefix) }
        guard !prefix.isEmpty, !prefix.contains("/") else { return whole }
        let bare = names.compactMap { name in name.firstIndex(of: "/").map { String(name[name.index(after: $0)...]) } }
        let counts = Dictionary(bare.map { ($0, 1) }, uniquingKeysWith: +)
        return whole + bare.filter { $0.hasPrefix(prefix) && counts[$0] == 1 }
    }
}

extension CompletionKind {
    /// Columns of the list that the line asks for, separated by commas.
    static let columns = CompletionKind.custom { (words: [String], _: Int, prefix: String) in
        offers(choices(words).columns, after: ",", for: prefix)
    }

    /// A column of it, with a leading - for the reverse.
    static let sorting = CompletionKind.custom { (words: [String], _: Int, prefix: String) in
        let columns = choices(words).columns
        return (prefix.hasPrefix("-") ? columns.map { "-\($0)" } : columns).filter { $0.hasPrefix(prefix) }
    }

    /// Conditions on it, separated by spaces.
    static let conditions = CompletionKind.custom { (words: [String], _: Int, prefix: String) in
        offers(choices(words).conditions, after: " ", for: prefix)
    }

    private static func choices(_ words: [String]) -> ListChoices {
        (CommandTree.command(ofLine: words) as? any ListCommand.Type)?.choices ?? ListChoices()
    }

    /// For the last part of what was typed, those that are not among the parts before it.
    private static func offers(_ all: [String], after separator: Character, for prefix: String) -> [String] {
        let before = prefix.lastIndex(of: separator).map { prefix[...$0] } ?? ""
        let taken = before.split(separator: separator).map(String.init)
        return all.filter { !taken.contains($0) }.map { before + $0 }.filter { $0.hasPrefix(prefix) }
    }
}

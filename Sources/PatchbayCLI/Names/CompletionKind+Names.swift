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

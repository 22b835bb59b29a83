import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay store list`
struct StoreList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List stored values that cannot be read.")
    static var choices: ListChoices { StoreListing.all.choices }

    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let findings = try await global.service().status().findings.filter { $0.code == "unreadable-value" }
        try out.list(findings, StoreListing.all, options: list)
    }
}

/// How unreadable values are listed.
enum StoreListing {
    static let all = Listing<API.Finding>(
        columns: [
            Column("key") { Cell(key(of: $0)) },
            Column("problem", shrinks: true) { Cell($0.sentence) },
            Column("next", isWide: true, shrinks: true) { Cell($0.next.joined(separator: " ")) },
        ],
        mark: { _ in .nothing },
        name: key,
        empty: ["All stored values can be read."])

    private static func key(of finding: API.Finding) -> String {
        finding.subject.hasPrefix("store ") ? String(finding.subject.dropFirst("store ".count)) : finding.subject
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// `patchbay profile list`
struct ProfileList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List profiles.")
    static var choices: ListChoices { ProfileListing.all.choices }

    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        try out.list(try await global.service().profiles(), ProfileListing.all, options: list)
    }
}

/// How profiles are listed.
enum ProfileListing {
    static let all = Listing<API.Profile>(
        columns: [
            Column("profile") { Cell($0.name) },
            Column("vcpus", .right) { Cell($0.vcpus) },
            Column("memory", .right) { Cell($0.memoryMiB.map { SizeWords.mebibytes($0) }) },
            Column("pin") { Cell($0.pin?.rawValue) },
            Column("requests", shrinks: true) { Cell($0.requests.map(\.asked).joined(separator: ", ")) },
            Column("description", isWide: true, shrinks: true) { Cell($0.description) },
        ],
        mark: { _ in .nothing },
        name: { $0.name },
        empty: ["No profiles yet.", "next  Write one:  patchbay help policy"])
}

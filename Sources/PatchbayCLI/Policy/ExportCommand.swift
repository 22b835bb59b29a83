import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// `patchbay export`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print pools and profiles in the format that apply reads.",
        discussion: "Example:  patchbay export > policy.yaml")

    enum Kind: String, ExpressibleByArgument, CaseIterable { case pools, profiles }

    @Argument(help: "pools or profiles; both when omitted.")
    var kind: Kind?
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: .table)
        let service = try global.service()
        var documents: [PolicyText] = []
        if kind != .profiles {
            for pool in try await service.pools() { documents.append(PolicyText(try pool.definition)) }
        }
        if kind != .pools {
            for profile in try await service.profiles() { documents.append(PolicyText(try profile.definition)) }
        }
        guard !documents.isEmpty else {
            return out.line("# There are no \(kind?.rawValue ?? "pools and no profiles").")
        }
        for (index, document) in documents.enumerated() {
            if index > 0 { out.line("---") }
            for line in document.lines { out.line(line) }
        }
    }
}

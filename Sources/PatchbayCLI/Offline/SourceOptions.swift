import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// Where a command that only looks has its facts from: a server, or `--root`.
struct SourceOptions: ParsableArguments {
    @Option(help: RootOption.help)
    var root: String?

    func source(_ global: GlobalOptions) async throws -> any InventoryService {
        guard let root else { return try global.service() }
        let result = try await RootOption.read(root) { (directory) throws(Problem) in
            try await InventoryReader(root: directory, hostName: nil).surveyWithPrograms()
        }
        return OfflineService(Inspection(result))
    }
}

extension InventoryService {
    /// The host that was named, or the only one there is.
    func host(namedOrOnly name: String?, command: String) async throws(Problem) -> API.Host {
        if let name { return try await host(name) }
        let all = try await hosts()
        guard all.count <= 1 else {
            throw Problem(
                .ambiguousName, "There are \(all.count) hosts.", evidence: all.map(\.name),
                next: ["Choose one:  \(command) HOST"])
        }
        guard let only = all.first else {
            throw Problem(
                .unknownHost, "There are no hosts yet.",
                next: ["Run the agent on a host:  patchbay agent --server URL --token-file FILE"])
        }
        return only
    }
}

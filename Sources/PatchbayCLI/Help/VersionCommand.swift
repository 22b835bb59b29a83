import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay version`
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the versions of this client and of the server.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    private struct Versions: Encodable {
        var client: String
        var server: String?
    }

    /// A server that is not there is no error here: the client's version is known all the same.
    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        let versions = Versions(client: AgentProtocol.version, server: try await serverVersion(service))
        switch out.format {
        case .json: out.write(try JSONText.pretty(versions))
        case .yaml: out.write(try YAMLText.render(versions))
        case .name: out.line(versions.client)
        case .table, .wide, .tree:
            out.line("patchbay \(versions.client)")
            out.line("server   \(versions.server ?? "not reachable")")
        }
    }

    private func serverVersion(_ service: any PatchbayService) async throws(Problem) -> String? {
        do {
            return try await service.status().version
        } catch {
            guard error.code.category == .unreachable else { throw error }
            return nil
        }
    }
}

import ArgumentParser
import PatchbayCore

/// Names that the running server knows, where they help but are not needed: asked for briefly, silent where nobody answers.
enum NameLookup {
    private static let patience = Duration.milliseconds(800)

    /// - Parameter arguments: a command line that may name the server.
    static func names(_ kinds: [Nameable], arguments: [String]) async -> [String] {
        let pause = Surroundings.current.pause
        guard let service = try? GlobalOptions.parse(server(in: arguments)).service() else { return [] }
        return await withTaskGroup(of: [String].self) { group in
            group.addTask {
                var names: [String] = []
                // A name that cannot be had is not offered.
                for kind in kinds { names += (try? await kind.names(service)) ?? [] }
                return names
            }
            group.addTask {
                try? await pause(patience)
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
    }

    private static func server(in arguments: [String]) -> [String] {
        guard let index = arguments.firstIndex(where: { $0 == "--server" || $0.hasPrefix("--server=") }) else {
            return []
        }
        let words = arguments[index...].prefix(arguments[index] == "--server" ? 2 : 1)
        return words.count == 2 || arguments[index] != "--server" ? Array(words) : []
    }
}

import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// Names that the running server knows, where they help but are not needed: asked for briefly, silent where nobody answers.
enum NameLookup {
    private static let patience = Duration.milliseconds(800)

    /// - Parameter arguments: a command line that may name the server.
    static func names(_ kinds: [Nameable], arguments: [String]) async -> [String] {
        await names(arguments: arguments) { service in
            var names: [String] = []
            // A name that cannot be had is not offered.
            for kind in kinds { names += (try? await kind.names(service)) ?? [] }
            return names
        }
    }

    /// What can be taken from the VM that the line names after `--from`, or from any: requests, their pools, and devices.
    static func holdings(arguments: [String]) async -> [String] {
        let vm = value(of: "--from", in: arguments)
        return await names(arguments: arguments) { service in
            let vms = ((try? await service.vms()) ?? []).filter { vm == nil || $0.name == vm }
            let requests = vms.flatMap(\.requests)
            let devices = vms.flatMap(\.now).map(\.device) + requests.compactMap(\.device)
            let names = requests.flatMap { [$0.name] + [$0.pool].compactMap(\.self) }
            return Set(names + devices.map { (try? DeviceID($0))?.short ?? $0 }).sorted()
        }
    }

    private static func names(
        arguments: [String], of ask: @escaping @Sendable (any PatchbayService) async -> [String]
    ) async -> [String] {
        let pause = Surroundings.current.pause
        guard let service = try? GlobalOptions.parse(server(in: arguments)).service() else { return [] }
        return await withTaskGroup(of: [String].self) { group in
            group.addTask { await ask(service) }
            group.addTask {
                try? await pause(patience)
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
    }

    private static func server(in arguments: [String]) -> [String] {
        value(of: "--server", in: arguments).map { ["--server", $0] } ?? []
    }

    /// Of an option that is written `--name value` or `--name=value`; nil: it is not there, or has no value yet.
    private static func value(of option: String, in arguments: [String]) -> String? {
        guard let index = arguments.firstIndex(where: { $0 == option || $0.hasPrefix("\(option)=") }) else {
            return nil
        }
        if arguments[index] != option { return String(arguments[index].dropFirst(option.count + 1)) }
        return index + 1 < arguments.endIndex ? arguments[index + 1] : nil
    }
}

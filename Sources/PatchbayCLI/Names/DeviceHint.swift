import PatchbayCore

/// The devices that were probably meant by an address that no host has: those that differ from it in one place.
enum DeviceHint {
    private static let most = 3

    /// The problem with what was probably meant; others than that of an unknown device stay as they are.
    static func added(to problem: Problem, arguments: [String]) async -> Problem {
        guard problem.code == .unknownDevice, Surroundings.current.rootWords.isEmpty,
            let typed = quoted(in: problem.detail), arguments.contains(typed)
        else { return problem }
        let near = await NameLookup.names([.device], arguments: arguments).filter { isNear($0, to: typed) }
        guard (1...most).contains(near.count) else { return problem }
        var problem = problem
        problem.next.insert("Did you mean \(near.joined(separator: " or "))?", at: 0)
        return problem
    }

    private static func quoted(in sentence: String) -> String? {
        let parts = sentence.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }

    private static func isNear(_ name: String, to typed: String) -> Bool {
        let name = typed.contains("/") ? name[...] : name.drop { $0 != "/" }.dropFirst()
        return name.count == typed.count && zip(name, typed).count { $0 != $1 } == 1
    }
}

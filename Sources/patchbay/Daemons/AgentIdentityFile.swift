import Foundation
import PatchbayAPI
import PatchbayCore

/// The file `agent-id` in the agent's state folder: who this agent is, beside its name.
///
/// Made at the first start. Where the folder was copied to another machine, the file names the machine that it came from,
/// and this agent is another one.
enum AgentIdentityFile {
    static func read(orMakeIn state: String) throws(Problem) -> AgentIdentity {
        let path = "\(state)/agent-id"
        let machine = thisMachine()
        if let text = try text(of: path) {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let known = AgentIdentity(id: lines.first, machine: lines.dropFirst().first)
            guard let known else {
                throw Problem(
                    .unreadable, "The file \"\(path)\" does not hold an agent's identity.",
                    next: ["Move it away; the agent makes a new one, and you accept it: patchbay host accept HOST"])
            }
            if known.machine == nil || machine == nil || known.machine == machine { return known }
        }
        return try make(at: path, machine: machine)
    }

    private static func text(of path: String) throws(Problem) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw Problem(
                .unreadable, "The agent's identity cannot be read.", next: ["Look at \(path)."], cause: "\(error)")
        }
    }

    /// The file is there whole, or not at all.
    private static func make(at path: String, machine: String?) throws(Problem) -> AgentIdentity {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<4).map { _ in (generator.next() as UInt64).hex(16) }.joined()
        let identity = AgentIdentity(id: id, machine: machine)
        let text = [identity.id, identity.machine].compactMap(\.self).joined(separator: "\n") + "\n"
        let draft = "\(path).new"
        let isMade = FileManager.default.createFile(
            atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isMade, rename(draft, path) == 0 else {
            throw Problem(
                .failed, "The agent's identity cannot be written.", next: ["Make its folder writable: \(path)"],
                cause: String(cString: strerror(errno)))
        }
        return identity
    }

    /// nil: a machine without one, as in many containers.
    private static func thisMachine() -> String? {
        guard let text = try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8) else { return nil }
        let id = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return id.isEmpty ? nil : id
    }
}

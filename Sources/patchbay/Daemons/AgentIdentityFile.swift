import Crypto
import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayServer

/// The file `agent-key.pem` in the agent's state folder: a P-256 key that says who this agent is, beside its name.
///
/// PKCS #8 (RFC 5208) in PEM (RFC 7468), made at the first start; the agent goes by the hash of its public key. Before
/// the key stands the machine that it was made on, as that RFC allows: where the folder was copied to another machine,
/// this agent is another one.
enum AgentIdentityFile {
    static func read(orMakeIn state: String) throws(Problem) -> AgentIdentity {
        let file = PrivateFile(
            path: "\(state)/agent-key.pem", name: "key of the agent", remedy: "so that a new one is made",
            after: [NextStep("Then accept the new one on the server", .acceptHost(nil))])
        let machine = thisMachine()
        if let text = try file.read() {
            let known = try identity(in: text, of: file)
            if known.machine == nil || machine == nil || known.machine == machine { return known }
        }
        return try make(file, machine)
    }

    private static func identity(in text: String, of file: PrivateFile) throws(Problem) -> AgentIdentity {
        guard let start = text.range(of: "-----BEGIN") else { throw file.refused("holds no key") }
        let words = text[..<start.lowerBound].split(separator: "\n").first { $0.hasPrefix(machineLine) }
        let machine = words.map { String($0.dropFirst(machineLine.count)) }
        do {
            let key = try P256.Signing.PrivateKey(pemRepresentation: String(text[start.lowerBound...]))
            return identity(of: key, machine)
        } catch {
            throw file.refused("holds no P-256 key", because: "\(error)")
        }
    }

    private static func make(_ file: PrivateFile, _ machine: String?) throws(Problem) -> AgentIdentity {
        let key = P256.Signing.PrivateKey()
        let lines = [machine.map { machineLine + $0 }, key.pemRepresentation].compactMap(\.self)
        try file.write(lines.joined(separator: "\n") + "\n")
        return identity(of: key, machine)
    }

    private static let machineLine = "Machine: "

    /// By the SHA-256 of the public key's SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), as a certificate would have it.
    private static func identity(of key: P256.Signing.PrivateKey, _ machine: String?) -> AgentIdentity {
        let hash = SHA256.hash(data: key.publicKey.derRepresentation)
        return AgentIdentity(id: hash.map { $0.hex(2) }.joined(), machine: machine)
    }

    /// nil: a machine without one, as in many containers.
    private static func thisMachine() -> String? {
        guard let text = try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8) else { return nil }
        let id = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return id.isEmpty ? nil : id
    }
}

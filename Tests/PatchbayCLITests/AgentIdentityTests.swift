import Crypto
import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayText
import Testing

@testable import patchbay

@Suite struct `The identity of an agent` {
    private func inside(_ test: (_ state: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-agent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try test(folder.path)
    }

    @Test func `is made once`() throws {
        try inside { state in
            let first = try AgentIdentityFile.read(orMakeIn: state)
            #expect(try AgentIdentityFile.read(orMakeIn: state) == first)
            try inside { other in
                let second = try AgentIdentityFile.read(orMakeIn: other)
                #expect(second.id != first.id)
            }
        }
    }

    @Test func `is that of a key, which only its owner may read`() throws {
        try inside { state in
            _ = try AgentIdentityFile.read(orMakeIn: state)
            let file = "\(state)/agent-key.pem"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("-----BEGIN PRIVATE KEY-----\n"))
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["agent-key.pem"])
        }
    }

    @Test func `goes by the hash of its public key`() throws {
        try inside { state in
            let identity = try AgentIdentityFile.read(orMakeIn: state)
            let text = try String(contentsOfFile: "\(state)/agent-key.pem", encoding: .utf8)
            let start = try #require(text.range(of: "-----BEGIN")).lowerBound
            let key = try P256.Signing.PrivateKey(pemRepresentation: String(text[start...]))
            // 26 bytes that say "a point on P-256" (RFC 5480), and the point.
            let der = Data(key.publicKey.derRepresentation)
            #expect(der.count == 91 && der.suffix(65) == key.publicKey.x963Representation)
            #expect(identity.id == SHA256.hash(data: der).map { $0.hex(2) }.joined())
        }
    }

    @Test func `is another one where the folder was copied to another machine`() throws {
        try inside { state in
            let first = try AgentIdentityFile.read(orMakeIn: state)
            let file = "\(state)/agent-key.pem"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let key = try #require(text.range(of: "-----BEGIN")).lowerBound
            let elsewhere = "Machine: \(String(repeating: "0", count: 32))\n" + text[key...]
            try write(elsewhere, to: file)
            let second = try AgentIdentityFile.read(orMakeIn: state)
            #expect((second.id == first.id) == (first.machine == nil))
        }
    }

    @Test(arguments: ["nonsense", "-----BEGIN PRIVATE KEY-----\nbm9uc2Vuc2U=\n-----END PRIVATE KEY-----\n"])
    func `is refused where its file holds something else, and nothing is written over it`(_ text: String) throws {
        try inside { state in
            let file = "\(state)/agent-key.pem"
            try write(text, to: file)
            let problem = try #require(throws: Problem.self) { try AgentIdentityFile.read(orMakeIn: state) }
            #expect(problem.next.count == 2 && problem.next.lines[0].hasSuffix("rm \(file)"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
    }

    private func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }

    @Test(arguments: ["agent-id", "agent-key.pem"]) func `is another one where a power cut left an empty file`(
        _ name: String
    ) throws {
        try inside { state in
            try write("", to: "\(state)/\(name)")
            let identity = try AgentIdentityFile.read(orMakeIn: state)
            #expect(identity.id.count == 64)
        }
    }

    @Test func `needs a folder that can be written, and says which`() throws {
        try inside { state in
            let folder = "\(state)/none"
            let problem = try #require(throws: Problem.self) { try AgentIdentityFile.read(orMakeIn: folder) }
            #expect(problem.next.lines.contains { $0.hasSuffix(" \(folder)") })
        }
    }
}

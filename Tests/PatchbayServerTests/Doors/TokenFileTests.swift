import Foundation
import PatchbayCore
import PatchbayServer
import PatchbayText
import Testing

@Suite struct `The token file` {
    private func inside(_ text: String?, mode: Int = 0o600, _ test: (_ path: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-token-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "token").path
        if let text {
            try Data(text.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        try test(path)
    }

    @Test(arguments: [nil, "", "\n"]) func `is made once, also where a power cut left an empty one`(
        _ text: String?
    ) throws {
        try inside(text) { path in
            let first = try TokenFile.read(orMakeAt: path)
            #expect(first.isNew && first.token.utf8.count == 64)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let second = try TokenFile.read(orMakeAt: path)
            #expect(!second.isNew && second.token == first.token)
        }
    }

    @Test(arguments: [("short", 0o600), (String(repeating: "a", count: 64), 0o640)])
    func `is refused, and left, when its token is short or others may read it`(_ text: String, _ mode: Int) throws {
        try inside(text, mode: mode) { path in
            let problem = try #require(throws: Problem.self) { try TokenFile.read(orMakeAt: path) }
            #expect(
                problem.code == .unreadable
                    && problem.next.lines == ["Remove it, so that a new token is made:  rm \(path)"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }
}

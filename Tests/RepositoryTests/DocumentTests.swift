import Foundation
import Testing

@Suite struct `Documents` {
    @Test func `the overview names files that exist`() throws {
        let text = try Repository.text("docs/overview.md")
        let names = text.matches(of: /`((?:Patchbay|CPatchbay)[A-Za-z]+\/[A-Za-z\/+]+(?:\.swift)?)`/).map {
            String($0.output.1)
        }
        #expect(names.count > 15)
        for name in names {
            let path = Repository.root.appending(path: "Sources/\(name)").path
            #expect(FileManager.default.fileExists(atPath: path), "docs/overview.md names \(name), which is not there")
        }
    }
}

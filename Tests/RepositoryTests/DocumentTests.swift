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
            #expect(FileManager.default.fileExists(atPath: path), "docs/overview.md names \(name), which is missing")
        }
    }

    @Test func `the page about filters names every use that a device can have`() throws {
        let source = try Repository.text("Sources/PatchbayCore/Devices/HostUse.swift")
        let start = try #require(source.range(of: "enum Reason"))
        let end = try #require(source.range(of: "\n    }", range: start.upperBound..<source.endIndex))
        let cases = source[start.upperBound..<end.lowerBound].matches(of: /case ([a-zA-Z]+)(?: = "([a-z-]+)")?/)
        #expect(cases.count > 20)
        let page = try Repository.text("docs/filters.md")
        for match in cases {
            let value = match.output.2 ?? match.output.1
            #expect(page.contains("`\(value)`"), "docs/filters.md does not name \(value)")
        }
    }
}

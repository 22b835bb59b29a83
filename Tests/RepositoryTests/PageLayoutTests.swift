import Foundation
import Testing

@Suite struct `Templates, styles and scripts` {
    private static let most = 140

    /// How many lines of a file are still too wide. It only shrinks: a file that is laid out leaves it.
    private static func exceptions() throws -> [String: Int] {
        let lines = try Repository.text("Tests/RepositoryTests/wide-lines.txt").split(separator: "\n")
        return try Dictionary(
            uniqueKeysWithValues: lines.filter { !$0.hasPrefix("#") }.map { line in
                let words = line.split(separator: " ")
                return (String(words[1]), try #require(Int(words[0])))
            })
    }

    @Test func `have no line that is wider than 140 columns, but for those listed`() throws {
        var rest = try Self.exceptions()
        let files = [".mustache", ".css", ".js"].flatMap { Repository.files(under: "Sources", ending: $0) }
        #expect(files.count > 60, "the test looks in the wrong place")
        for file in files {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            let wide = lines.indices.filter { lines[$0].count > Self.most }
            guard let listed = rest.removeValue(forKey: file) else {
                #expect(wide.isEmpty, "\(file): lines \(wide.map { $0 + 1 }) are wider than \(Self.most) columns")
                continue
            }
            #expect(wide.count <= listed, "\(file) has \(wide.count) wide lines; wide-lines.txt allows \(listed)")
            #expect(!wide.isEmpty, "\(file) is laid out; take it out of wide-lines.txt")
        }
        #expect(rest.isEmpty, "wide-lines.txt lists files that are not there: \(rest.keys.sorted())")
    }
}

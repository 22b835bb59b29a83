import Testing

@Suite struct `Templates, styles and scripts` {
    private static let most = 140

    @Test func `have no line that is wider than 140 columns`() throws {
        let files = [".mustache", ".css", ".js", ".svg"].flatMap { Repository.files(under: "Sources", ending: $0) }
        #expect(files.count > 60, "the test looks in the wrong place")
        for file in files {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            let wide = lines.indices.filter { lines[$0].count > Self.most }
            #expect(wide.isEmpty, "\(file): lines \(wide.map { $0 + 1 }) are wider than \(Self.most) columns")
        }
    }
}

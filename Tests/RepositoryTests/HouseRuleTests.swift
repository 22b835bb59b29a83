import Foundation
import Testing

@Suite struct `House rules` {
    @Test func `no Swift file is longer than 400 lines`() throws {
        for file in Repository.files(under: "Sources", ending: ".swift") {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(file) has \(lines) lines; split it by topic")
        }
    }

    @Test func `no path of somebody's machine is in the sources`() throws {
        let paths = /\/(home\/[a-z]+|root\/[a-z.]|work\/)/
        for folder in ["Sources", "Tests", "docs", "scripts"] {
            for suffix in [".swift", ".md", ".sh", ".c", ".h", ".yaml", ".mustache", ".js", ".css"] {
                for file in Repository.files(under: folder, ending: suffix)
                where !file.hasSuffix("HouseRuleTests.swift") {
                    let text = try Repository.text(file)
                    if let found = text.firstMatch(of: paths) {
                        Issue.record("\(file) names a path of a machine: \(found.output.0)")
                    }
                }
            }
        }
    }

    @Test func `nothing is left unfinished`() throws {
        // Written in two parts, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "fatalError(\"not"]
        for file in Repository.files(under: "Sources", ending: ".swift") {
            let text = try Repository.text(file)
            for mark in marks { #expect(!text.contains(mark), "\(file) has the mark \(mark)") }
        }
    }

    @Test func `the README names the two commands`() throws {
        let readme = try Repository.text("README.md")
        #expect(readme.contains("make demo") && readme.contains("make test"))
    }
}

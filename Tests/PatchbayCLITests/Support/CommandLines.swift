import ArgumentParser
import Foundation
import PatchbayCore
import Testing

@testable import patchbay

/// Finds what people are told to type: `patchbay` and what follows it, in sources, templates and documents.
enum CommandLines {
    struct Line {
        var file: String
        /// As it is written there.
        var text: String
        /// What a shell would pass on, with something in the place of each value.
        var words: [String]
    }

    struct Place: CustomTestStringConvertible, Sendable {
        var folder: String
        var suffixes: [String]
        /// How rows begin that tell nobody to type anything: what was typed, a usage, what is wrong with it.
        var silent: [String] = []
        var testDescription: String { folder }
    }

    static let places = [
        Place(folder: "Sources", suffixes: [".swift", ".mustache"]), Place(folder: "docs", suffixes: [".md"]),
        Place(folder: "", suffixes: ["README.md"]),
        Place(folder: "Tests/PatchbayCLITests/Golden", suffixes: [".txt"], silent: ["$ ", "  usage ", "error: "]),
    ]

    static let topics =
        ["filters", "requests", "policy", "output", "exit-codes", "environment", "TOPIC", "CODE", "x"]
        + ProblemCode.allCases.map(\.rawValue)

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func all(in place: Place) throws -> [Line] {
        var seen: Set<[String]> = []
        var lines: [Line] = []
        for file in files(of: place) {
            let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            for row in text.split(separator: "\n") where !place.silent.contains(where: row.hasPrefix) {
                for words in Self.lines(of: String(row)) where seen.insert(words).inserted {
                    lines.append(Line(file: file, text: row.trimmingCharacters(in: .whitespaces), words: words))
                }
            }
        }
        return lines
    }

    private static func files(of place: Place) -> [String] {
        if place.folder.isEmpty { return place.suffixes }
        let all = FileManager.default.enumerator(atPath: root.appending(path: place.folder).path)
        return (all?.compactMap { $0 as? String } ?? [])
            .filter { name in place.suffixes.contains { name.hasSuffix($0) } }
            .map { "\(place.folder)/\($0)" }.sorted()
    }

    /// The cases of an enum that ends with the first row that is a closing brace or begins another type.
    static func cases(of file: String, enum name: String) throws -> [String] {
        let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
        let rows = text.split(separator: "\n").drop { !$0.contains("enum \(name):") }.dropFirst()
        return rows.prefix { !$0.hasPrefix("}") && !$0.contains("enum ") }
            .compactMap { $0.firstMatch(of: /^    case (\w+)/).map { String($0.output.1) } }
    }

    /// The commands in one row of a file.
    static func lines(of row: String) -> [[String]] {
        guard !row.drop(while: \.isWhitespace).hasPrefix("///") else { return [] }
        let text = filled(row)
        return text.ranges(of: "patchbay ").compactMap { range in
            let before = text[..<range.lowerBound]
            guard before.last.map({ !$0.isLetter && !"-/.@".contains($0) }) ?? true else { return nil }
            let command = String(text[range.upperBound...].prefix(upTo: end(of: text[range.upperBound...])))
            let words = shellWords(String(command.reversed().drop { ".,: ".contains($0) }.reversed()))
            guard let first = words.first, isTold(first, after: before) else { return nil }
            // A verb that is put in while it runs cannot be looked up here.
            return words.dropFirst().first == "x" && nouns.contains(first) ? nil : words
        }
    }

    /// In the middle of a sentence "patchbay" is often the program and no command.
    private static func isTold(_ word: String, after before: Substring) -> Bool {
        guard word != "x", word.first?.isLetter == true, word.first?.isLowercase == true else { return false }
        if names.contains(word) { return true }
        let last = before.trimmingCharacters(in: .whitespaces).last
        return last.map { "\"`:$".contains($0) } ?? false
    }

    private static let names = Set(
        Patchbay.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])

    private static let nouns = Set(
        Patchbay.configuration.subcommands.filter { !$0.configuration.subcommands.isEmpty }
            .compactMap { $0.configuration.commandName })

    /// Interpolations and placeholders of templates replaced by a word.
    private static func filled(_ row: String) -> String {
        var text = ""
        var rest = row[...]
        while let start = rest.firstIndex(of: "\\") {
            text += rest[..<start]
            rest = rest[rest.index(after: start)...]
            switch rest.first {
            case "("?:
                var depth = 0
                let end = rest.firstIndex { character in
                    depth += character == "(" ? 1 : character == ")" ? -1 : 0
                    return depth == 0
                }
                text += "x"
                rest = end.map { rest[rest.index(after: $0)...] } ?? ""
            case "\""?:
                text += "'"
                rest = rest.dropFirst()
            case let other?:
                text += other == "n" ? "  " : String(other)
                rest = rest.dropFirst()
            case nil: break
            }
        }
        return (text + rest).replacing(/\{\{[^}]*\}\}/, with: "x")
    }

    /// Where a command ends: with its quotes, at a remark, at what the shell does with its output, or with its sentence.
    private static func end(of text: Substring) -> Substring.Index {
        let ends: [any RegexComponent] = [
            #/["`#>;<|)]/#, #/  [^-]/#, #/ \(/#, #/, /#, #/\. /#, #/\.$/#, #/: /#, #/:$/#, #/ & /#, #/ → /#, #/ \\/#,
            #/ (and|or|in|on|with|which|says|shows|does|is) /#,
        ]
        return ends.compactMap { text.firstRange(of: $0)?.lowerBound }.min() ?? text.endIndex
    }

    private static func shellWords(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in command {
            if character == "'" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character == " ", !isQuoted {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        words += word.map { [$0] } ?? []
        return numbers(in: words.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "[]")) })
    }

    /// A number where an option takes one and the text has a placeholder.
    private static func numbers(in words: [String]) -> [String] {
        let options: Set = [
            "--count", "--limit", "--vms", "--cpus", "--memory", "--cells", "--priority", "--timeout", "--lease",
            "--read-delay",
        ]
        return words.indices.map { index in
            let isValue = index > 0 && options.contains(words[index - 1])
            return isValue && !(words[index].first?.isNumber ?? false) ? "1" : words[index]
        }
    }
}

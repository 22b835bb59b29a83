import Foundation
import Testing

@Suite struct `Modules` {
    /// What a row of docs/modules.md allows.
    enum Allowed {
        case nothing
        case names(Set<String>, anythingOfOurs: Bool)
    }

    static func table() throws -> [String: Allowed] {
        var table: [String: Allowed] = [:]
        for line in try Repository.text("docs/modules.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let target = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            let names = cells[2].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            table[target] =
                names == ["nothing"]
                ? .nothing : .names(Set(names), anythingOfOurs: names.contains("anything of ours"))
        }
        return table
    }

    static func imports(of text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy({
                    $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0)
                })
            else { return nil }
            let name = words.last(where: { $0 != "import" }) ?? ""
            return name.split(separator: ".").first.map(String.init)
        }
    }

    @Test func `import only what docs/modules.md allows`() throws {
        let table = try Self.table()
        let ours = Set(table.keys)
        var seen = 0
        for file in Repository.files(under: "Sources", ending: ".swift") {
            let target = file.split(separator: "/").map(String.init)[1]
            let allowed = try #require(table[target], "docs/modules.md has no row for \(target), the target of \(file)")
            for name in Self.imports(of: try Repository.text(file)) {
                seen += 1
                switch allowed {
                case .nothing:
                    Issue.record("\(file) imports \(name); \(target) may import nothing: it holds pure values")
                case .names(let names, let anythingOfOurs):
                    let fits = names.contains(name) || (anythingOfOurs && ours.contains(name))
                    #expect(fits, "\(file) imports \(name), which docs/modules.md does not allow for \(target)")
                }
            }
        }
        #expect(seen > 20, "only \(seen) imports were found: the test looks in the wrong place")
    }

    @Test func `have a row in docs/modules.md and a target in the package`() throws {
        let package = try Repository.text("Package.swift")
        for target in try Self.table().keys {
            #expect(package.contains("name: \"\(target)\""), "Package.swift has no target \(target)")
        }
    }
}

import Foundation
import Testing

@Suite struct `Modules` {
    /// What a row of docs/modules.md allows.
    enum Allowed {
        case nothing
        case names(Set<String>, anythingOfOurs: Bool)

        /// What has to be imported somewhere in the target.
        var named: Set<String> {
            switch self {
            case .nothing: []
            case .names(let names, _): names.subtracting(["anything of ours", "C library only"])
            }
        }
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

    /// What the files of each target import, by the folder below `Sources` or `Tests`.
    private static func imports() throws -> [String: Set<String>] {
        var imports: [String: Set<String>] = [:]
        for folder in ["Sources", "Tests"] {
            for file in Repository.files(under: folder, ending: ".swift") {
                let target = file.split(separator: "/").map(String.init)[1]
                imports[target, default: []].formUnion(Self.imports(of: try Repository.text(file)))
            }
        }
        return imports
    }

    /// What Package.swift says that each target depends on, by the name that an import has.
    private static func dependencies() throws -> [String: Set<String>] {
        let package = try Repository.text("Package.swift")
        let products = Dictionary(
            uniqueKeysWithValues: package.matches(of: /let (\w+): Target\.Dependency = \.product\(name: "(\w+)"/).map {
                (String($0.output.1), String($0.output.2))
            })
        var dependencies: [String: Set<String>] = [:]
        for part in package.split(separator: /\.(?:target|executableTarget|testTarget)\(/).dropFirst() {
            guard let target = part.firstMatch(of: /name: "([\w-]+)"/)?.output.1 else { continue }
            let list = part.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.output.1 ?? ""
            let names = list.matches(of: /"([\w-]+)"|(\w+)/).map { match in
                match.output.1.map(String.init) ?? match.output.2.flatMap { products[String($0)] } ?? ""
            }
            dependencies[String(target)] = Set(names.map { $0.replacing("-", with: "_") })
        }
        return dependencies
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

    @Test func `import each name that docs/modules.md gives them`() throws {
        let imports = try Self.imports()
        for (target, allowed) in try Self.table() {
            let unused = allowed.named.subtracting(imports[target] ?? []).sorted()
            #expect(unused.isEmpty, "docs/modules.md lets \(target) import \(unused), which no file of it does")
        }
    }

    @Test func `depend in Package.swift on what they import and on nothing else`() throws {
        let imports = try Self.imports()
        let dependencies = try Self.dependencies()
        let known = dependencies.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(dependencies.count > 30 && known.count > 30, "the test does not understand Package.swift")
        for (target, names) in dependencies {
            let unused = names.subtracting(imports[target] ?? []).sorted()
            #expect(unused.isEmpty, "Package.swift lets \(target) depend on \(unused), which no file of it imports")
            let missing = (imports[target] ?? []).intersection(known).subtracting(names).sorted()
            #expect(missing.isEmpty, "\(target) imports \(missing), which it does not depend on in Package.swift")
        }
    }

    @Test func `have a row in docs/modules.md and a target in the package`() throws {
        let package = try Repository.text("Package.swift")
        for target in try Self.table().keys {
            #expect(package.contains("name: \"\(target)\""), "Package.swift has no target \(target)")
        }
    }
}

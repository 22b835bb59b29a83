import Foundation
import PatchbayTesting
import Testing

@testable import patchbay_fuzz

@Suite struct `Planted hosts` {
    private static func host(_ number: Int) -> PlantedHost {
        PlantedHost(VerdictCase(seed: 7, number: number, kinds: Ingredient.Kind.all).ingredients)
    }

    private static func text(_ host: PlantedHost) -> [String] {
        (host.files.files.map { "\($0.path) \($0.bytes.hashValue)" }
            + host.files.links.map { "\($0.path) \($0.target)" })
            .sorted()
    }

    @Test(arguments: 0..<Ingredient.Kind.all.count)
    func `are the same again with the same seed, and have what they are about`(_ number: Int) {
        let (host, again) = (Self.host(number), Self.host(number))
        #expect(Self.text(host) == Self.text(again))
        #expect(host.judgements.mapValues(\.expectation) == again.judgements.mapValues(\.expectation))
        let kind = Ingredient.Kind.all[number]
        #expect(host.judgements.values.contains { $0.kind == kind || $0.expectation == .open }, "\(kind.name)")
    }

    /// Otherwise two uses could be one, and the count of what was planted would be too high.
    @Test func `have no device and no link twice`() {
        for number in 0..<300 {
            let host = Self.host(number)
            let ends = Dictionary(grouping: host.files.links, by: \.path).filter {
                Set($0.value.map(\.target)).count > 1
            }
            #expect(ends.keys.filter { !$0.hasSuffix("/driver") }.sorted() == [], "case \(number)")
        }
    }

    /// `../devices/…` below `sys/block` as the kernel has it: every link leads somewhere in the tree.
    @Test func `have links that lead to what was made`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-planted-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for number in 0..<Ingredient.Kind.all.count {
            let root = "\(folder)/\(number)"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            let host = Self.host(number)
            try host.files.make(below: root)
            let dangling = host.files.links.filter { link in
                link.path.hasPrefix("sys/") && !["/driver", "/set"].contains(where: link.path.hasSuffix)
                    && !FileManager.default.fileExists(atPath: "\(root)/\(link.path)")
            }
            #expect(dangling.map(\.path) == [], "case \(number)")
        }
    }

    @Test func `a failing host is made as small as it gets`() {
        let ingredients = VerdictCase(seed: 3, number: 5, kinds: Ingredient.Kind.all).ingredients
        let kept = VerdictCase.smallest(ingredients) { some in some.contains { $0.kind == ingredients[1].kind } }
        #expect(kept.map(\.kind) == [ingredients[1].kind])
    }
}

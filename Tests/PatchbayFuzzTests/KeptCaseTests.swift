import Foundation
import PatchbayTesting
import Testing

@testable import patchbay_fuzz

/// Inputs that a search once found: each was not survived when it was put here, or reaches what nothing else does.
@Suite struct `Kept inputs` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    @Test(arguments: InputTarget.allCases) func `are survived`(_ target: InputTarget) throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "patchbay-kept-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let room = try InputRoom(folder: scratch.path)
        for seed in target.seeds { try target.run(seed, room) }
        let cases = Self.folder.appending(path: target.rawValue).path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: cases)) ?? [] {
            let bytes = try #require(FileManager.default.contents(atPath: "\(cases)/\(name)"))
            try target.run(Array(bytes), room)
        }
    }

    @Test func `belong to a target`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(names.filter { !$0.hasPrefix(".") && InputTarget(rawValue: $0) == nil } == [])
    }
}

@Suite struct `Changed trees` {
    /// Every path with its kind and content, so that nothing can differ unseen.
    private func snapshot(_ root: String) -> [String: [UInt8]] {
        var all: [String: [UInt8]] = [:]
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        for path in paths {
            let full = "\(root)/\(path)"
            let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: full)).map { Array($0.utf8) }
            all[path] = link ?? TreeFiles.read(full) ?? []
        }
        return all
    }

    /// A case must start from the same tree whatever cases came before it, or it could not be run again alone.
    @Test func `are as before when a case is over, and the same again with the same seed`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-trees-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var room = try TreeRoom(folder: folder, bases: [])
        var first = Dice(seed: 1, case: 0)
        let tree = try room.sample()
        let before = snapshot(tree.root)
        #expect(before.count > 300)
        var changed = 0
        for number in 0..<200 {
            first = Dice(seed: 5, case: number)
            var mutation = TreeMutation(root: tree.root, aside: room.aside)
            mutation.apply(to: tree.paths, &first)
            let during = snapshot(tree.root)
            if during != before { changed += 1 }
            try mutation.undo()
            guard number % 20 == 0 else { continue }
            try #require(snapshot(tree.root) == before, "case \(number)")
            var second = Dice(seed: 5, case: number)
            var again = TreeMutation(root: tree.root, aside: room.aside)
            again.apply(to: tree.paths, &second)
            #expect(snapshot(tree.root) == during && again.changes == mutation.changes, "case \(number)")
            try again.undo()
        }
        try #require(snapshot(tree.root) == before)
        #expect(changed > 150)
    }

    /// Links lead out of the tree in many cases; nothing is ever written there.
    @Test func `never touch what is outside`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-trees-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["tree/etc", "outside", "aside"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        #expect(TreeFiles.write("\(folder)/outside/os-release", Array("kept".utf8)))
        #expect(TreeFiles.write("\(folder)/tree/etc/os-release", Array("x".utf8)))
        let root = try #require(TreeFiles.resolved("\(folder)/tree"))
        let paths = TreePaths(root: root)
        try FileManager.default.removeItem(atPath: "\(root)/etc")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/etc", withDestinationPath: "\(folder)/outside")
        for number in 0..<500 {
            var dice = Dice(seed: 9, case: number)
            var mutation = TreeMutation(root: root, aside: "\(folder)/aside")
            mutation.apply(to: paths, &dice)
            try mutation.undo()
        }
        #expect(TreeFiles.read("\(folder)/outside/os-release") == Array("kept".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/outside") == ["os-release"])
    }

    @Test func `are survived`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-trees-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var room = try TreeRoom(folder: folder, bases: [])
        for number in 0..<150 {
            var dice = Dice(seed: 3, case: number)
            let tree = try room.sample()
            var mutation = TreeMutation(root: tree.root, aside: room.aside)
            mutation.apply(to: tree.paths, &dice)
            #expect(CaseCheck(root: tree.root, isThorough: true).findings(&dice) == [], "case \(number)")
            try mutation.undo()
        }
    }
}

import Foundation
import PatchbayCore
import Testing

@testable import PatchbayHost

@Suite struct `Archives of strangers` {
    private static func archive(_ members: [(TarHeader, [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (header, content) in members {
            bytes += header.block ?? []
            bytes += content + [UInt8](repeating: 0, count: header.paddedSize - content.count)
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }

    private static func refusal(_ members: [(TarHeader, [UInt8])]) -> Problem? {
        do throws(Problem) {
            _ = try TarReader.tree(of: archive(members))
            return nil
        } catch { return error }
    }

    @Test(arguments: ["/etc/passwd", "../x", "sys/../../x", "a/b/../../../x"])
    func `cannot put a file outside of their directory`(_ name: String) {
        #expect(Self.refusal([(TarHeader(.file, name, size: 1), [0x61])])?.code == .unreadable)
    }

    @Test(arguments: ["/etc/shadow", "../../etc", "sys/../../.."])
    func `cannot have a link that leads out`(_ target: String) {
        #expect(Self.refusal([(TarHeader(.link, "sys/x", linkTarget: target), [])])?.code == .unreadable)
    }

    @Test func `cannot lead out by way of other links`() {
        let members = [
            (TarHeader(.link, "here", linkTarget: "."), [UInt8]()),
            (TarHeader(.link, "out", linkTarget: "here/../etc/shadow"), []),
        ]
        #expect(Self.refusal(members)?.code == .unreadable)
    }

    @Test func `cannot write through a link`() {
        let members = [
            (TarHeader(.link, "sys", linkTarget: "proc"), [UInt8]()), (TarHeader(.file, "sys/x", size: 1), [0x61]),
        ]
        #expect(Self.refusal(members)?.code == .unreadable)
    }

    @Test func `hold files, directories and links only`() {
        var header = TarHeader(.file, "dev/sda", size: 0)
        header.kind = nil
        #expect(header.block == nil)
        var block = TarHeader(.file, "dev/sda", size: 0).block ?? []
        block[156] = 0x34
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        block.replaceSubrange(148..<154, with: Array(("000000" + String(sum, radix: 8)).suffix(6).utf8))
        #expect(throws: Problem.self) { try TarReader.tree(of: block + [UInt8](repeating: 0, count: 1024)) }
    }

    @Test func `that end too early or are no archives are refused`() {
        let whole = Self.archive([(TarHeader(.file, "sys/a", size: 600), [UInt8](repeating: 1, count: 600))])
        #expect(throws: Problem.self) { try TarReader.tree(of: Array(whole.prefix(700))) }
        #expect(throws: Problem.self) { try TarReader.tree(of: [UInt8](repeating: 0x41, count: 2048)) }
        #expect(throws: Problem.self) { try TarReader.tree(of: []) }
    }

    @Test func `of ours are read back as they were, long names and all`() throws {
        var tree = RecordedTree()
        let long = (0..<40).map { "directory\($0)" }.joined(separator: "/")
        tree.add("\(long)/file", .file([1, 2, 3]))
        tree.add("\(long)/link", .link(String(repeating: "../", count: 20) + "directory0"))
        tree.add("sys/bus", .directory)
        #expect(try TarReader.tree(of: TarWriter.archive(tree)) == tree)
    }

    @Test func `cannot be larger than the limit when they are unpacked`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "bomb-\(UUID().uuidString).tar.gz").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let packed = try await Packing.gzip.pack([UInt8](repeating: 0, count: 4 << 20))
        try Data(packed).write(to: URL(filePath: file))
        await #expect(throws: Problem.self) { try await Packing.gzip.unpack(file, limit: 1 << 20) }
        #expect(try await Packing.gzip.unpack(file, limit: 8 << 20).count == 4 << 20)
    }
}

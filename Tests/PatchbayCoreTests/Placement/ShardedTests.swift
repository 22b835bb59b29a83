import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `A dictionary in shards` {
    @Test(arguments: [1, 2, 3]) func `is a dictionary, and its copies are their own`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table: Sharded<Int, [Int]> = [:]
        var plain: [Int: [Int]] = [:]
        var copies: [(table: Sharded<Int, [Int]>, plain: [Int: [Int]])] = []
        for step in 0..<3000 {
            let key = Int.random(in: 0..<700, using: &random)
            switch step % 4 {
            case 0:
                table[key] = [step]
                plain[key] = [step]
            case 1:
                table[key] = nil
                plain[key] = nil
            case 2:
                table[key]?.append(step)
                plain[key]?.append(step)
            default:
                table[key, default: []].append(step)
                plain[key, default: []].append(step)
            }
            if step % 500 == 0 { copies.append((table, plain)) }
        }
        for (table, plain) in copies + [(table, plain)] {
            #expect(Dictionary(uniqueKeysWithValues: table.map { ($0.key, $0.value) }) == plain)
            #expect(table.keys.sorted() == plain.keys.sorted())
            #expect(table.values.map(\.count).sorted() == plain.values.map(\.count).sorted())
            #expect(table.isEmpty == plain.isEmpty && table[-1] == nil && table[-1, default: [7]] == [7])
        }
    }
}

/// Numbers in an order that somebody else knows, cheap to add and to remove: a list of short lists.
///
/// With a million numbers an insertion is twenty comparisons and a move of at most 2 KiB.
struct OrderedNumbers: Sendable {
    private var chunks: [[Int32]] = []
    private(set) var count = 0

    private static let longest = 512

    var isEmpty: Bool { count == 0 }
    var first: Int? { chunks.first?.first.map(Int.init) }

    mutating func insert(_ number: Int, _ isBefore: (Int, Int) -> Bool) {
        count += 1
        guard !chunks.isEmpty else { return chunks.append([Int32(number)]) }
        let chunk = self.chunk(for: number, isBefore)
        chunks[chunk].insert(Int32(number), at: Self.index(of: number, in: chunks[chunk], isBefore))
        guard chunks[chunk].count > Self.longest else { return }
        let half = chunks[chunk].count / 2
        chunks.insert(Array(chunks[chunk][half...]), at: chunk + 1)
        chunks[chunk].removeSubrange(half...)
    }

    /// The order must be the one it was inserted by.
    mutating func remove(_ number: Int, _ isBefore: (Int, Int) -> Bool) {
        guard !chunks.isEmpty else { return }
        let chunk = self.chunk(for: number, isBefore)
        let index = Self.index(of: number, in: chunks[chunk], isBefore)
        guard index < chunks[chunk].count, chunks[chunk][index] == Int32(number) else { return }
        chunks[chunk].remove(at: index)
        count -= 1
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    /// The last chunk that begins at the number or before it.
    private func chunk(for number: Int, _ isBefore: (Int, Int) -> Bool) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(number, Int(chunks[middle][0])) { high = middle } else { low = middle + 1 }
        }
        return Swift.max(0, low - 1)
    }

    private static func index(of number: Int, in chunk: [Int32], _ isBefore: (Int, Int) -> Bool) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(Int(chunk[middle]), number) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension OrderedNumbers: Sequence {
    func makeIterator() -> some IteratorProtocol<Int> { chunks.joined().lazy.map(Int.init).makeIterator() }
}

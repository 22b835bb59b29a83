/// A set of small numbers: which units of a host. One machine word for each 64; the first without an allocation.
///
/// What placement is made of: a pool's units, the free ones and those near a node are such sets, and choosing is cutting
/// them. 4,096 virtual functions are 64 words.
package struct UnitSet: Hashable, Sendable {
    private var first: UInt64 = 0
    /// Never ends with a zero, so that equal sets are equal values.
    private var rest: [UInt64] = []

    package init() {}

    package init(_ members: some Sequence<Int>) { for member in members { insert(member) } }

    /// 0 up to `count`, without it.
    package init(below count: Int) {
        guard count > 0 else { return }
        first = count >= 64 ? .max : (1 << UInt64(count)) - 1
        guard count > 64 else { return }
        rest = [UInt64](repeating: .max, count: (count - 64) / 64)
        if count % 64 > 0 { rest.append((1 << UInt64(count % 64)) - 1) }
    }

    package var isEmpty: Bool { first == 0 && rest.isEmpty }

    package var count: Int { rest.reduce(first.nonzeroBitCount) { $0 + $1.nonzeroBitCount } }

    package func contains(_ member: Int) -> Bool {
        if member < 64 { return first & (1 << UInt64(member)) != 0 }
        let word = member / 64 - 1
        return word < rest.count && rest[word] & (1 << UInt64(member % 64)) != 0
    }

    package mutating func insert(_ member: Int) {
        if member < 64 { return first |= 1 << UInt64(member) }
        let word = member / 64 - 1
        while rest.count <= word { rest.append(0) }
        rest[word] |= 1 << UInt64(member % 64)
    }

    package mutating func remove(_ member: Int) {
        if member < 64 { return first &= ~(1 << UInt64(member)) }
        let word = member / 64 - 1
        guard word < rest.count else { return }
        rest[word] &= ~(1 << UInt64(member % 64))
        trim()
    }

    private mutating func trim() { while rest.last == 0 { rest.removeLast() } }

    /// The lowest.
    package var lowest: Int? {
        if first != 0 { return first.trailingZeroBitCount }
        guard let word = rest.firstIndex(where: { $0 != 0 }) else { return nil }
        return (word + 1) * 64 + rest[word].trailingZeroBitCount
    }
}

extension UnitSet {
    package mutating func formUnion(_ other: UnitSet) {
        first |= other.first
        for word in other.rest.indices {
            if word < rest.count { rest[word] |= other.rest[word] } else { rest.append(other.rest[word]) }
        }
    }

    package mutating func formIntersection(_ other: UnitSet) {
        first &= other.first
        guard !rest.isEmpty else { return }
        if rest.count > other.rest.count { rest.removeLast(rest.count - other.rest.count) }
        for word in rest.indices { rest[word] &= other.rest[word] }
        trim()
    }

    package mutating func subtract(_ other: UnitSet) {
        first &= ~other.first
        guard !rest.isEmpty else { return }
        for word in 0..<Swift.min(rest.count, other.rest.count) { rest[word] &= ~other.rest[word] }
        trim()
    }

    package func union(_ other: UnitSet) -> UnitSet {
        var result = self
        result.formUnion(other)
        return result
    }

    package func intersection(_ other: UnitSet) -> UnitSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    package func subtracting(_ other: UnitSet) -> UnitSet {
        var result = self
        result.subtract(other)
        return result
    }

    package func isDisjoint(with other: UnitSet) -> Bool {
        guard first & other.first == 0 else { return false }
        return !zip(rest, other.rest).contains { $0 & $1 != 0 }
    }

    package func isSubset(of other: UnitSet) -> Bool { subtracting(other).isEmpty }

    /// How many of them are in the other one, too.
    package func count(in other: UnitSet) -> Int {
        zip(rest, other.rest).reduce((first & other.first).nonzeroBitCount) { $0 + ($1.0 & $1.1).nonzeroBitCount }
    }

    /// The lowest `count` of them; all where there are fewer.
    package func lowest(_ count: Int) -> UnitSet {
        var result = UnitSet()
        for member in self.prefix(count) { result.insert(member) }
        return result
    }
}

extension UnitSet: Sequence {
    /// Lowest first.
    package struct Iterator: IteratorProtocol {
        private var left: UInt64
        private var base = 0
        private var words: ArraySlice<UInt64>

        fileprivate init(_ set: UnitSet) {
            left = set.first
            words = set.rest[...]
        }

        package mutating func next() -> Int? {
            while left == 0 {
                guard let word = words.popFirst() else { return nil }
                left = word
                base += 64
            }
            defer { left &= left - 1 }
            return base + left.trailingZeroBitCount
        }
    }

    package func makeIterator() -> Iterator { Iterator(self) }
}

extension UnitSet: ExpressibleByArrayLiteral {
    package init(arrayLiteral members: Int...) { self.init(members) }
}

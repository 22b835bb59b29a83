import PatchbayCore

/// Random text, and comparing it without telling how much of it was right.
package enum Secret {
    /// 64 hexadecimal digits from the system's random source.
    static func make() -> String {
        var source = SystemRandomNumberGenerator()
        return (0..<4).map { _ in (source.next() as UInt64).hex(16) }.joined()
    }

    /// Takes the same time wherever the first difference is.
    package static func isEqual(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

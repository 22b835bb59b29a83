/// A version of up to three numbers: `9.0.0`.
package struct SoftwareVersion: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int
    package var patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// The first number of the form `N.N` or `N.N.N` in a text. nil: there is none.
    package init?(in text: some StringProtocol) {
        let isOfNumber = { (character: Character) in character.isNumber || character == "." }
        for word in text.split(whereSeparator: { !isOfNumber($0) }) {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { continue }
            self.init(major, minor, parts.count > 2 ? parts[2] ?? 0 : 0)
            return
        }
        return nil
    }

    package var description: String { "\(major).\(minor).\(patch)" }
    package static func < (a: SoftwareVersion, b: SoftwareVersion) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }
}

/// A scale of severities: its cases are declared in their order, the least severe first, and nothing else says it.
package protocol SeverityScale: CaseIterable, Comparable {}

extension SeverityScale {
    package static func < (a: Self, b: Self) -> Bool { a != b && allCases.first { $0 == a || $0 == b } == a }
}

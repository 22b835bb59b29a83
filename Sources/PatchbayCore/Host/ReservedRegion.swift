/// Memory that a group's devices must map one to one, or may not use. A line of `reserved_regions`.
package struct ReservedRegion: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// RMRR that cannot be relaxed: assignment will be refused by the kernel.
        case direct
        case directRelaxable = "direct-relaxable"
        case reserved
        case msi
    }
    package var start: UInt64
    package var end: UInt64
    package var kind: Kind

    package init(start: UInt64, end: UInt64, kind: Kind) {
        self.start = start
        self.end = end
        self.kind = kind
    }
}

/// FNV-1a, 64 bits: the same bytes give the same number on every machine. It finds changes and names things, and keeps nobody
/// out: it is no cryptographic hash.
///
/// Source: the parameters that Fowler, Noll and Vo give for 64 bits.
package struct FNV1a: Hashable, Sendable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}
    package init(_ bytes: [UInt8]) { add(bytes) }
    package init(_ text: String) { add(text) }

    package mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    package mutating func add(_ bytes: [UInt8]) { for byte in bytes { add(byte) } }
    package mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
}

/// FNV-1a, 64 bit: the same bytes give the same number everywhere. For tags and colours, never for secrets.
struct Fingerprint: Sendable, Hashable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            value ^= UInt64(byte)
            value = value &* 0x0000_0100_0000_01b3
        }
    }

    init(_ text: String) { self.init(text.utf8) }
}

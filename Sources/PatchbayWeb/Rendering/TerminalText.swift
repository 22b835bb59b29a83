/// What a terminal would show of a guest's output, without what only a terminal can do.
enum TerminalText {
    /// Leaves out escape sequences (ECMA-48, section 5.4) and control characters but tab and newline.
    ///
    /// Bytes that are no UTF-8 become the replacement character.
    static func plain(_ bytes: [UInt8]) -> String {
        var kept: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x1B: rest = withoutSequence(rest)
            case 0x09, 0x0A, 0x20...0x7E, 0x80...: kept.append(byte)
            default: break
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// `[` begins a control sequence that ends with a byte from 0x40; `]` a string that ends with BEL or another escape;
    /// anything else is one byte, after intermediate ones.
    private static func withoutSequence(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text
        switch rest.popFirst() {
        case UInt8(ascii: "["): rest = rest.drop { (0x20...0x3F).contains($0) }.dropFirst()
        case UInt8(ascii: "]"): rest = rest.drop { $0 != 0x07 && $0 != 0x1B && $0 != 0x0A }.dropFirst()
        case .some(0x20...0x2F): rest = rest.drop { (0x20...0x2F).contains($0) }.dropFirst()
        case .some, nil: break
        }
        return rest
    }
}

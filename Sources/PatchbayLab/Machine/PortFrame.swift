/// A message on a virtio-serial port between the lab and `labd`; the format is described in `labd.c`.
struct PortFrame: Equatable {
    enum Kind: UInt8 {
        case hello = 0x48
        case helloBack = 0x68
        case run = 0x52
        case input = 0x49
        case output = 0x4f
        case errors = 0x45
        case exit = 0x58
    }

    var kind: Kind
    var payload: [UInt8]

    static let limit = 65536

    static func run(_ arguments: [String], seconds: UInt32) -> PortFrame {
        PortFrame(kind: .run, payload: littleEndian(seconds) + arguments.flatMap { Array($0.utf8) + [0] })
    }

    var bytes: [UInt8] { [0x50, 0x42, kind.rawValue, 0] + Self.littleEndian(UInt32(payload.count)) + payload }

    /// Takes the first complete message off the front of `buffer`; nil: there is none yet. What is no message is skipped.
    static func take(from buffer: inout [UInt8]) -> PortFrame? {
        while buffer.count >= 8 {
            guard buffer[0] == 0x50, buffer[1] == 0x42, let kind = Kind(rawValue: buffer[2]), buffer[3] == 0 else {
                buffer.removeFirst()
                continue
            }
            let length = Int(number(buffer[4..<8]))
            guard length <= limit else {
                buffer.removeFirst()
                continue
            }
            guard buffer.count >= 8 + length else { return nil }
            let payload = Array(buffer[8..<(8 + length)])
            buffer.removeFirst(8 + length)
            return PortFrame(kind: kind, payload: payload)
        }
        return nil
    }

    var number: UInt32 { Self.number(payload.prefix(4)) }

    private static func number(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}

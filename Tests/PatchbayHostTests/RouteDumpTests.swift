import CPatchbayHost
import Glibc
import Testing

/// What is read of the kernel's routes while somebody changes them.
@Suite struct `A dump of the routes` {
    /// Answers as the kernel does: one dump after the other, the last one for ever.
    private final class Kernel {
        let dumps: [[UInt8]]
        var asked = 0

        init(_ dumps: [[UInt8]]) { self.dumps = dumps }

        /// - Returns: what `pb_routes` would, and the text.
        func routes() -> (result: Int, text: String) {
            var source = pb_route_source(
                context: Unmanaged.passUnretained(self).toOpaque(),
                ask: { context in
                    Kernel.of(context).asked += 1
                    return 0
                },
                receive: { context, buffer, capacity in
                    let kernel = Kernel.of(context)
                    let bytes = kernel.dumps[min(kernel.asked, kernel.dumps.count) - 1]
                    guard let buffer, bytes.count <= capacity else { return Int(-EMSGSIZE) }
                    buffer.copyMemory(from: bytes, byteCount: bytes.count)
                    return bytes.count
                })
            var text: UnsafeMutablePointer<CChar>?
            let result = withExtendedLifetime(self) { pb_routes_from(&source, &text) }
            defer { pb_free(text) }
            return (
                result,
                text.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: result), as: UTF8.self) } ?? ""
            )
        }

        private static func of(_ context: UnsafeMutableRawPointer?) -> Kernel {
            Unmanaged<Kernel>.fromOpaque(context!).takeUnretainedValue()
        }
    }

    private static let interrupted: UInt16 = 0x10  // NLM_F_DUMP_INTR
    private static let done: UInt16 = 3  // NLMSG_DONE

    /// `struct nlmsghdr` and what follows it (netlink(7)).
    private static func message(_ type: UInt16, flags: UInt16 = 0, _ content: [UInt8] = []) -> [UInt8] {
        number(UInt32(16 + content.count)) + number(type) + number(flags) + number(UInt32(0)) + number(UInt32(0))
            + content
    }

    /// RTM_NEWROUTE: the default route of a table by the loopback interface, which every machine has as its first.
    private static func route(table: UInt8, flags: UInt16 = 0) -> [UInt8] {
        // struct rtmsg: family, lengths, tos, table, protocol, scope, type, flags; then RTA_OIF.
        message(
            24, flags: flags,
            [UInt8(AF_INET), 0, 0, 0, table, 0, 0, 1] + number(UInt32(0)) + number(UInt16(8)) + number(UInt16(4))
                + number(UInt32(1)))
    }

    private static func number<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }

    private static func line(_ table: Int) -> String { "4 \(table) 00000000 0 0 lo\n" }

    @Test func `is one that nothing interrupted`() {
        let kernel = Kernel([Self.route(table: 254) + Self.route(table: 100) + Self.message(Self.done)])
        let (result, text) = kernel.routes()
        #expect(text == Self.line(254) + Self.line(100))
        #expect(result == text.utf8.count && kernel.asked == 1)
    }

    @Test(arguments: [true, false]) func `that a change interrupted is asked for again, and nothing of it is kept`(
        _ isToldAtTheEnd: Bool
    ) {
        let (early, late) = isToldAtTheEnd ? (0, Self.interrupted) : (Self.interrupted, 0)
        let torn = Self.route(table: 7, flags: early) + Self.route(table: 8) + Self.message(Self.done, flags: late)
        let kernel = Kernel([torn, torn, Self.route(table: 254) + Self.message(Self.done)])
        let (_, text) = kernel.routes()
        #expect(text == Self.line(254))
        #expect(kernel.asked == 3)
    }

    @Test func `is not asked for for ever`() {
        let kernel = Kernel([Self.route(table: 7, flags: Self.interrupted) + Self.message(Self.done)])
        let (result, text) = kernel.routes()
        #expect(result == Int(-EINTR) && text.isEmpty)
        #expect(kernel.asked == 8)
    }

    @Test func `that fails is not asked for again`() {
        // NLMSG_ERROR with its number, and the head of what was asked.
        let kernel = Kernel([Self.message(2, Self.number(-ENOBUFS) + Self.message(26))])
        #expect(kernel.routes().result == Int(-ENOBUFS))
        #expect(kernel.asked == 1)
    }
}

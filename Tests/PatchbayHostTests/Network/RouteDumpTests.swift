import CPatchbayHost
import Glibc
import Testing

/// What is read of the kernel's routes while somebody changes them.
@Suite struct `A dump of the routes` {
    /// Answers as the kernel does: one dump after the other, the last one for ever; next hops by themselves.
    private final class Kernel {
        let dumps: [[UInt8]]
        let nexthops: [UInt8]
        var asked = 0
        var isAskedForNexthops = false

        init(_ dumps: [[UInt8]], nexthops: [UInt8] = []) {
            self.dumps = dumps
            self.nexthops = nexthops
        }

        typealias Reader = (UnsafePointer<pb_dump_source>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int

        /// - Returns: what `pb_routes` would, and the text.
        func routes() -> (result: Int, text: String) { read { pb_routes_from($0, $1) } }
        func rules() -> (result: Int, text: String) { read { pb_rules_from($0, $1) } }

        private func read(_ reader: Reader) -> (result: Int, text: String) {
            var source = pb_dump_source(
                context: Unmanaged.passUnretained(self).toOpaque(),
                ask: { context, type in
                    let kernel = Kernel.of(context)
                    kernel.isAskedForNexthops = type == RouteDump.getNexthop
                    if !kernel.isAskedForNexthops { kernel.asked += 1 }
                    return 0
                },
                receive: { context, buffer, capacity in
                    let kernel = Kernel.of(context)
                    let bytes =
                        kernel.isAskedForNexthops
                        ? kernel.nexthops : kernel.dumps[min(kernel.asked, kernel.dumps.count) - 1]
                    guard let buffer, bytes.count <= capacity else { return Int(-EMSGSIZE) }
                    buffer.copyMemory(from: bytes, byteCount: bytes.count)
                    return bytes.count
                })
            var text: UnsafeMutablePointer<CChar>?
            let result = withExtendedLifetime(self) { reader(&source, &text) }
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
    private static let loopback = UInt32(1)  // which every machine has as its first

    private static func message(_ type: UInt16, flags: UInt16 = 0, _ content: [UInt8] = []) -> [UInt8] {
        RouteDump.message(type, flags: flags, content)
    }

    /// RTM_NEWROUTE: the default route of a table by the loopback interface.
    private static func route(table: UInt8, flags: UInt16 = 0) -> [UInt8] {
        RouteDump.route(table: table, flags: flags, RouteDump.attribute(4, RouteDump.number(loopback)))
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
        let kernel = Kernel([Self.message(2, RouteDump.number(-ENOBUFS) + Self.message(26))])
        #expect(kernel.routes().result == Int(-ENOBUFS))
        #expect(kernel.asked == 1)
    }

    @Test func `says where a gateway is on the way and for which senders a route is`() {
        let gateway = RouteDump.attribute(5, [192, 0, 2, 1])
        let interface = RouteDump.attribute(4, RouteDump.number(Self.loopback))
        let source = RouteDump.attribute(2, [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 12))
        let six = RouteDump.route(family: AF_INET6, sourceLength: 32, table: 254, interface + source)
        let kernel = Kernel([RouteDump.route(table: 254, interface + gateway) + six + Self.message(Self.done)])
        let zero = String(repeating: "0", count: 32)
        #expect(
            kernel.routes().text
                == "4 254 00000000 0 0 lo via\n6 254 \(zero) 0 0 lo from=20010db8\(zero.dropFirst(8))/32\n")
    }

    /// `sysctl net.ipv4.nexthop_compat_mode=0`: only the number of a next hop is told, here of a group of one.
    @Test func `asks for the next hops that routes name by number`() {
        let routes = RouteDump.route(table: 254, RouteDump.attribute(30, RouteDump.number(UInt32(9))))
        // struct nhmsg, then NHA_ID, NHA_OIF, NHA_GATEWAY; and NHA_GROUP with struct nexthop_grp.
        let head = [UInt8](repeating: 0, count: 8)
        let hop =
            head + RouteDump.attribute(1, RouteDump.number(UInt32(7)))
            + RouteDump.attribute(5, RouteDump.number(Self.loopback)) + RouteDump.attribute(6, [192, 0, 2, 1])
        let group =
            head + RouteDump.attribute(1, RouteDump.number(UInt32(9)))
            + RouteDump.attribute(2, RouteDump.number(UInt32(7)) + [0, 0, 0, 0])
        let end = Self.message(Self.done)
        let kernel = Kernel([routes + end], nexthops: Self.message(104, hop) + Self.message(104, group) + end)
        #expect(kernel.routes().text == "4 254 00000000 0 0 lo via\n")
        #expect(kernel.asked == 2)
    }

    @Test(arguments: [true, false]) func `has every way of a large group`(_ isSorted: Bool) {
        let routes = RouteDump.route(table: 254, RouteDump.attribute(30, RouteDump.number(UInt32(9))))
        let head = [UInt8](repeating: 0, count: 8)
        let ids = (UInt32(10)..<310).map { $0 }
        let group =
            head + RouteDump.attribute(1, RouteDump.number(UInt32(9)))
            + RouteDump.attribute(2, ids.flatMap { RouteDump.number($0) + [0, 0, 0, 0] })
        let hops = (isSorted ? ids : ids.reversed()).flatMap { id in
            Self.message(
                104,
                head + RouteDump.attribute(1, RouteDump.number(id))
                    + RouteDump.attribute(5, RouteDump.number(Self.loopback)))
        }
        let end = Self.message(Self.done)
        let kernel = Kernel([routes + end], nexthops: Self.message(104, group) + hops + end)
        #expect(kernel.routes().text == String(repeating: Self.line(254), count: 300))
    }

    @Test func `of the rules has the tables that they look into`() {
        // struct fib_rule_hdr: family, lengths, tos, table, two reserved, action (FR_ACT_TO_TBL), flags.
        func rule(_ table: UInt8, action: UInt8 = 1, _ attributes: [UInt8] = []) -> [UInt8] {
            Self.message(32, [UInt8(AF_INET), 0, 0, 0, table, 0, 0, action, 0, 0, 0, 0] + attributes)
        }
        let priority = RouteDump.attribute(6, RouteDump.number(UInt32(5210)))
        let large = RouteDump.attribute(15, RouteDump.number(UInt32(51820)))
        let kernel = Kernel([
            rule(254, priority) + rule(0, priority + large) + rule(0, action: 7) + rule(0, RouteDump.attribute(19, [1]))
                + Self.message(Self.done)
        ])
        #expect(kernel.rules().text == "4 5210 254\n4 5210 51820\n4 0 l3mdev\n")
    }
}

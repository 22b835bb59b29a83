import Glibc

/// Messages of rtnetlink(7) as the kernel makes them.
enum RouteDump {
    static let getNexthop: Int32 = 106  // RTM_GETNEXTHOP

    /// `struct nlmsghdr` and what follows it (netlink(7)).
    static func message(_ type: UInt16, flags: UInt16 = 0, _ content: [UInt8] = []) -> [UInt8] {
        number(UInt32(16 + content.count)) + number(type) + number(flags) + number(UInt32(0)) + number(UInt32(0))
            + content
    }

    /// RTM_NEWROUTE: a default route.
    static func route(
        family: Int32 = AF_INET, sourceLength: UInt8 = 0, table: UInt8, flags: UInt16 = 0, _ attributes: [UInt8]
    ) -> [UInt8] {
        // struct rtmsg: family, lengths, tos, table, protocol, scope, type, flags.
        message(
            24, flags: flags, [UInt8(family), 0, sourceLength, 0, table, 0, 0, 1] + number(UInt32(0)) + attributes)
    }

    /// `struct rtattr` with its content, filled up to four bytes.
    static func attribute(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        number(UInt16(4 + content.count)) + number(type) + content
            + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
    }

    static func number<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }
}

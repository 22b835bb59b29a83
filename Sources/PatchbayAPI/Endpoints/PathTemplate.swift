import PatchbayCore

/// A path of `/v1`, `/v1/vms/{vm}/stop`: `{vm}` stands for one percent-encoded segment.
package struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// What stands between braces, in order.
    package let parameters: [PathParameter]

    package init(_ text: String) {
        description = text
        parameters = Self.segments(text).filter { $0.hasPrefix("{") }.map { segment in
            guard let parameter = PathParameter(rawValue: String(segment.dropFirst().dropLast())) else {
                preconditionFailure("\(segment) of \(text) is not described.")
            }
            return parameter
        }
    }

    /// With its parameters filled in, in order, and the query behind it.
    package func path(_ values: [String], query: [(String, String)] = []) -> String {
        var rest = values[...]
        let segments = Self.segments(description).map { segment in
            segment.hasPrefix("{") ? Self.encode(rest.popFirst() ?? "") : String(segment)
        }
        let tail = query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        return "/" + segments.joined(separator: "/") + (tail.isEmpty ? "" : "?" + tail)
    }

    package func matches(_ path: String) -> Bool {
        let (own, other) = (Self.segments(description), Self.segments(path))
        return own.count == other.count && zip(own, other).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    /// Segments that stand for themselves.
    package var literals: Int { Self.segments(description).count { !$0.hasPrefix("{") } }

    private static func segments(_ text: String) -> [Substring] { text.split(separator: "/") }

    /// Percent-encodes all but letters, digits and `-._~:` (RFC 3986, section 3.3 allows `:` in a segment).
    package static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e, 0x3a:
                String(UnicodeScalar(byte))
            default:
                "%" + byte.hex(2).uppercased()
            }
        }.joined()
    }
}

/// What a segment of a path can stand for.
package enum PathParameter: String, CaseIterable, Sendable {
    case host, address, name, port, number, pool, profile, vm, claim, plan, session, question

    package var summary: String {
        switch self {
        case .host: "Name of the host"
        case .address: "Device on its host: a PCI address, in full or without its domain, or usb- and a USB port"
        case .name: "Device by an address that only one host has, for example 41:00.0"
        case .port: "USB port as the kernel names it"
        case .number: "Number of the IOMMU group"
        case .pool: "Name of the pool"
        case .profile: "Name of the profile"
        case .vm: "Name of the VM"
        case .claim: "ID of the claim"
        case .plan: "ID of the plan"
        case .session: "Console session, from the header patchbay-session"
        case .question: "ID of the question"
        }
    }

    package var example: String {
        switch self {
        case .host: "atlas"
        case .address: "0000:41:00.0"
        case .name: "41:00.0"
        case .port: "1-3.1"
        case .number: "23"
        case .pool: "gpus"
        case .profile: "trainer"
        case .vm: "trainer-01"
        case .claim: "c-7f31"
        case .plan: "p-7f31"
        case .session: "s-7f31"
        case .question: "q-7f31"
        }
    }
}

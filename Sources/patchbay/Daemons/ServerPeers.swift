import Foundation
import Glibc
import PatchbayClient
import PatchbayHost

/// The addresses of the server, so that the card its answers come by never leaves the host.
enum ServerPeers {
    /// Empty for a socket of this machine, and for a name that cannot be resolved now: the agent then still knows its
    /// default routes. Blocking, at most as long as the resolver's own deadline.
    static func resolve(_ server: ServerAddress) -> [IPAddress] {
        guard case .http(let base) = server, let host = URL(string: base)?.host() else { return [] }
        if let address = IPAddress(host) { return [address] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        return sequence(first: found, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { entry in
            entry.flatMap { text(of: $0.pointee) }.flatMap { IPAddress($0) }
        }
    }

    private static func text(of entry: addrinfo) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        guard result == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

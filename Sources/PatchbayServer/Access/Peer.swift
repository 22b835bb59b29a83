import Glibc
import NIOCore
import PatchbayCore

/// Who is at the other end of a unix socket, as the kernel says (`SO_PEERCRED`, unix(7)).
enum Peer {
    static func isLocal(_ channel: any Channel) async throws -> Bool {
        guard case .unixDomainSocket? = channel.localAddress else { return false }
        return true
    }

    /// Root and the server's own user may; others may not. Throws `.tokenMissing`.
    static func caller(_ channel: any Channel) async throws -> String {
        guard let socket = channel as? any SocketOptionProvider else {
            throw refused("an unknown user")
        }
        let credentials: Credentials = try await socket.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        guard credentials.uid == 0 || credentials.uid == getuid() else { throw refused("user \(credentials.uid)") }
        return "uid \(credentials.uid)"
    }

    /// `struct ucred` of the kernel, which the C library shows with GNU extensions only.
    private struct Credentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    private static func refused(_ who: String) -> Problem {
        Problem(
            .tokenMissing, "The unix socket is for root and the server's own user; this is \(who).",
            next: ["Run the command as root, or use TCP with a token."])
    }
}

import Foundation
import Glibc
import PatchbayServer

/// What somebody who started a server by hand wants to know first; on standard output, for people.
struct Banner: Sendable {
    let state: String
    let token: (token: String, isNew: Bool)

    func tell(_ listening: PatchbayServer.Listening) {
        var lines: [String]
        switch listening {
        case .tcp(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            lines = ["Dashboard and API   http://\(name):\(port)"]
            // A log is no place for it.
            lines.append(
                token.isNew && isatty(STDOUT_FILENO) != 0
                    ? "Token               \(token.token)   (kept in \(state)/token)"
                    : "Token               in \(state)/token")
        case .unix(let path): lines = ["Socket              \(path)"]
        }
        let text = lines.map { "\($0)\n" }.joined()
        // Nobody reading is no reason to stop serving.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

import Foundation
import PatchbayCore

/// `127.0.0.1:8420`, `[::1]:8420`, `:0`.
struct ListenAddress {
    let host: String
    let port: Int

    init(_ text: String) throws(Problem) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Problem(
                .malformedInput, "\"\(text)\" is not a valid address to listen on.",
                next: ["Write HOST:PORT, for example 127.0.0.1:8420."])
        }
        let name = text[..<colon]
        host = name.isEmpty ? "127.0.0.1" : name.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = Int(port)
    }
}

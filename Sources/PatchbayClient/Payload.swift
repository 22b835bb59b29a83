import Foundation
import PatchbayCore

/// The body of a request.
struct Payload: Sendable {
    var bytes: [UInt8]
    var type: String

    init(bytes: [UInt8]) {
        self.bytes = bytes
        self.type = "application/octet-stream"
    }

    init(_ value: some Encodable) throws(Problem) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            self.bytes = Array(try encoder.encode(value))
        } catch {
            throw Problem(
                .failed, "A request could not be written as JSON.", next: ["Report this with the command you typed."],
                cause: String(describing: error))
        }
        self.type = "application/json"
    }
}

import Foundation
import PatchbayCore

/// The API's own fields as JSON.
enum JSONText {
    static func pretty(_ value: some Encodable) throws(Problem) -> String {
        String(decoding: try encode(value, [.prettyPrinted]), as: UTF8.self) + "\n"
    }

    /// On one line, for streams.
    static func line(_ value: some Encodable) throws(Problem) -> String {
        String(decoding: try encode(value, []), as: UTF8.self) + "\n"
    }

    private static func encode(
        _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
    ) throws(Problem) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        do {
            return try encoder.encode(value)
        } catch {
            throw Problem(
                .failed, "The output cannot be written as JSON.", next: ["Use -o table."],
                cause: String(describing: error))
        }
    }
}

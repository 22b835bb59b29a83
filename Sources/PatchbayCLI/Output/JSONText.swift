import Foundation
import PatchbayCore

/// The API's own fields as JSON.
enum JSONText {
    static func pretty(_ value: some Encodable) throws(Problem) -> String {
        escaped(String(decoding: try encode(value, [.prettyPrinted]), as: UTF8.self)) + "\n"
    }

    /// On one line, for streams.
    static func line(_ value: some Encodable) throws(Problem) -> String {
        escaped(String(decoding: try encode(value, []), as: UTF8.self)) + "\n"
    }

    /// JSON that is read at a terminal, too: what that would obey, or what turns the reading direction, stands as `\\u009b`
    /// (RFC 8259, section 7). It occurs in strings only, so the value stays the same.
    static func escaped(_ json: String) -> String {
        let newline = UInt8(ascii: "\n")
        guard !json.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == newline }),
            !json.unicodeScalars.allSatisfy({ $0 == "\n" || Style.isHarmless($0) })
        else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if scalar == "\n" || Style.isHarmless(scalar) {
                result.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            }
        }
        return String(result)
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

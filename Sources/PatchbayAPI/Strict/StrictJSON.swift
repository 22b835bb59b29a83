import Foundation
import PatchbayCore

/// Reads request bodies: a field that nobody knows or a wrong type is refused with its path, not guessed at.
package enum StrictJSON {
    /// Deeper than any request of ours; deeper bodies are refused before they are walked.
    private static let maximumDepth = 32

    package static func decode<Value: WireRequest>(_ type: Value.Type, from bytes: [UInt8]) throws(Problem) -> Value {
        guard !bytes.isEmpty else {
            throw Problem(
                .malformedInput, "The request has no body.",
                next: ["Send a JSON object with \(Value.fieldNames.quoted)."])
        }
        guard depth(of: bytes) <= maximumDepth else {
            throw Problem(
                .malformedInput, "The body is nested more than \(maximumDepth) deep.",
                next: ["Send a JSON object with \(Value.fieldNames.quoted)."])
        }
        let json: JSONValue
        do { json = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) } catch {
            throw Problem(
                .malformedInput, "The body is not JSON.",
                next: ["Send a JSON object with \(Value.fieldNames.quoted)."])
        }
        if let name = DuplicateKeys.first(in: bytes) {
            throw Problem(
                .malformedInput, "The body has \"\(name.cut(toBytes: 256))\" twice in one object.",
                next: ["Send it once."])
        }
        do {
            return try Value(from: StrictDecoder(json, path: [], request: Value.self))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(
                .malformedInput, "The body does not fit.",
                next: ["Send a JSON object with \(Value.fieldNames.quoted)."], cause: "\(error)")
        }
    }

    /// Counted on the raw bytes, strings left out, so that a hostile body never meets a recursive reader.
    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0, deepest = 0
        var inText = false, escaped = false
        for byte in bytes {
            if inText {
                if escaped {
                    escaped = false
                } else if byte == 0x5c {
                    escaped = true
                } else if byte == 0x22 {
                    inText = false
                }
                continue
            }
            switch byte {
            case 0x22: inText = true
            case 0x5b, 0x7b:
                depth += 1
                deepest = max(deepest, depth)
            case 0x5d, 0x7d: depth -= 1
            default: break
            }
        }
        return deepest
    }
}

extension [String] {
    /// `"name", "rules"`
    var quoted: String { map { "\"\($0)\"" }.joined(separator: ", ") }
}

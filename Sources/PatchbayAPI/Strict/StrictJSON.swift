import Foundation
import PatchbayCore

/// Reads request bodies: a field that nobody knows or a wrong type is refused with its path, not guessed at.
package enum StrictJSON {
    /// Deeper than any request of ours; deeper bodies are refused before they are walked.
    private static let maximumDepth = 32

    /// - Parameter shape: that of `type`, which whoever reads many finds out once.
    package static func decode<Value: WireRequest>(
        _ type: Value.Type, from bytes: [UInt8], shape: WireShape = WireShape(of: Value.self)
    ) throws(Problem) -> Value {
        guard !bytes.isEmpty else { throw unfit("The request has no body.", type) }
        guard depth(of: bytes) <= maximumDepth else {
            throw unfit("The body is nested more than \(maximumDepth) deep.", type)
        }
        let json: JSONValue
        do { json = try WireJSON.decode(JSONValue.self, from: bytes) } catch {
            throw unfit("The body is not JSON.", type)
        }
        if let name = DuplicateKeys.first(in: bytes) {
            throw Problem(
                .malformedInput, "The body has \"\(name.cut(toBytes: 256))\" twice in one object.",
                next: ["Send it once."])
        }
        try shape.check(json)
        do { return try WireJSON.decode(type, from: bytes) } catch let problem as Problem { throw problem } catch {
            throw unfit("The body has the wrong structure.", type, cause: "\(error)")
        }
    }

    private static func unfit<Value: WireRequest>(
        _ sentence: String, _ type: Value.Type, cause: String? = nil
    ) -> Problem {
        Problem(
            .malformedInput, sentence, next: ["Send a JSON object with \(type.fieldNames.quoted)."], cause: cause)
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

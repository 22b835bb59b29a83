import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// The API's own fields as YAML 1.2: block style, keys sorted, text always in double quotes (which are JSON's), and
/// keys where they could be read as something other than text: a label may be called `no`. Not written by Yams: decision 1.
enum YAMLText {
    static func render(_ value: some Encodable) throws(Problem) -> String {
        let json = try JSONText.line(value)
        do {
            return JSONText.escaped(lines(try JSONDecoder().decode(Node.self, from: Data(json.utf8)), indent: 0))
        } catch {
            throw Problem(
                .failed, "The output cannot be written as YAML.", next: ["Use -o json."],
                cause: String(describing: error))
        }
    }

    /// A JSON value, as far as its layout is concerned.
    private enum Node: Decodable {
        case object([String: Node])
        case array([Node])
        case scalar(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .scalar("null")
            } else if let value = try? container.decode(Bool.self) {
                self = .scalar(value ? "true" : "false")
            } else if let value = try? container.decode(Int.self) {
                self = .scalar(String(value))
            } else if let value = try? container.decode(UInt64.self) {
                self = .scalar(String(value))
            } else if let value = try? container.decode(String.self) {
                self = .scalar(String(decoding: try JSONEncoder.plain.encode(value), as: UTF8.self))
            } else if let value = try? container.decode([Node].self) {
                self = .array(value)
            } else {
                self = .object(try container.decode([String: Node].self))
            }
        }
    }

    private static func lines(_ node: Node, indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        switch node {
        case .scalar(let text): return space + text + "\n"
        case .array(let items) where items.isEmpty: return space + "[]\n"
        case .object(let fields) where fields.isEmpty: return space + "{}\n"
        case .array(let items):
            return items.map { space + "- " + lines($0, indent: indent + 2).dropFirst(indent + 2) }.joined()
        case .object(let fields):
            return fields.sorted { $0.key < $1.key }.map { key, value in
                let start = "\(space)\(YAMLScalar.text(key)):"
                guard case .scalar(let text) = value else { return start + nested(value, indent: indent) }
                return "\(start) \(text)\n"
            }.joined()
        }
    }

    private static func nested(_ node: Node, indent: Int) -> String {
        switch node {
        case .scalar(let text): " \(text)\n"
        case .array(let items) where items.isEmpty: " []\n"
        case .object(let fields) where fields.isEmpty: " {}\n"
        case .array, .object: "\n" + lines(node, indent: indent + 2)
        }
    }
}

extension JSONEncoder {
    fileprivate static var plain: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return encoder
    }
}

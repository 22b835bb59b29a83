import Foundation

/// A history in a file, a line an event, for clients whose process is killed: what they were told before they died can be
/// read by the next. One write makes one line, so the order of the lines is the order of the events.
package struct ClaimLog: Sendable {
    private let descriptor: Int32
    private let path: String

    package init(path: String) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }

    package func begin(_ client: Int, _ action: ClaimHistory.Action) {
        switch action {
        case .claim(let id, let devices): append("begin \(client) claim \(id) \(devices.joined(separator: " "))")
        case .release(let id): append("begin \(client) release \(id)")
        case .look: append("begin \(client) look")
        }
    }

    package func end(_ client: Int, _ outcome: ClaimHistory.Outcome) {
        switch outcome {
        case .done: append("end \(client) done")
        case .refused: append("end \(client) refused")
        case .saw(let holders):
            append("end \(client) saw \(holders.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))")
        case .unknown: break
        }
    }

    /// The process is dead. A line that it did not finish was never said.
    package func crash() throws {
        var text = try String(contentsOfFile: path, encoding: .utf8)
        while let last = text.last, last != "\n" { text.removeLast() }
        guard truncate(path, off_t(text.utf8.count)) == 0 else { throw CocoaError(.fileWriteUnknown) }
        append("crash")
    }

    private func append(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        precondition(write(descriptor, bytes, bytes.count) == bytes.count, "\(path) cannot be written")
    }

    package func history() throws -> ClaimHistory {
        var history = ClaimHistory()
        var underWay: [Int: Int] = [:]
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2, let client = Int(words[1]) else {
                history.crash()
                underWay = [:]
                continue
            }
            if words[0] == "begin" {
                underWay[client] = history.begin(client, Self.action(words.dropFirst(2)))
            } else if let number = underWay.removeValue(forKey: client) {
                history.end(number, Self.outcome(words.dropFirst(2)))
            }
        }
        return history
    }

    private static func action(_ words: ArraySlice<String>) -> ClaimHistory.Action {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "claim": return .claim(rest[0], devices: Array(rest.dropFirst()))
        case "release": return .release(rest[0])
        default: return .look
        }
    }

    private static func outcome(_ words: ArraySlice<String>) -> ClaimHistory.Outcome {
        switch words.first {
        case "done": return .done
        case "refused": return .refused
        default:
            let pairs = words.dropFirst().map { $0.split(separator: "=").map(String.init) }
            return .saw(Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) }))
        }
    }
}

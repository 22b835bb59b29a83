import PatchbayCore

/// One message of a server-sent event stream.
package struct EventMessage: Hashable, Sendable {
    /// The last id seen, also when this message brought none.
    package var id: String?
    /// `message` when the stream names none.
    package var kind: String
    package var text: String
}

/// Cuts a byte stream into messages. Bytes may arrive in any portions.
///
/// Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
package struct EventParser: Sendable {
    /// What a single message may hold before the stream is given up.
    package static let limit = 4 << 20

    /// For `Last-Event-ID` when the stream has to be opened again.
    package private(set) var lastID: String?
    /// How long to wait before that, when the server said.
    package private(set) var retryMilliseconds: Int?

    private var line: [UInt8] = []
    private var lastWasCarriageReturn = false
    private var isFirstLine = true
    private var kind = ""
    private var data: [String] = []
    private var size = 0

    package init(lastID: String? = nil, retryMilliseconds: Int? = nil) {
        self.lastID = lastID
        self.retryMilliseconds = retryMilliseconds
    }

    /// The messages that `bytes` complete.
    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(Problem) -> [EventMessage] {
        var messages: [EventMessage] = []
        for byte in bytes {
            if byte == 0x0a || byte == 0x0d {
                if byte == 0x0a && lastWasCarriageReturn {
                    lastWasCarriageReturn = false
                    continue
                }
                lastWasCarriageReturn = byte == 0x0d
                if let message = endLine() { messages.append(message) }
            } else {
                lastWasCarriageReturn = false
                line.append(byte)
                size += 1
                guard size <= Self.limit else {
                    throw Problem(.tooLarge, "An event from the server is larger than \(Self.limit >> 20) MiB.")
                }
            }
        }
        return messages
    }

    private mutating func endLine() -> EventMessage? {
        var bytes = line[...]
        line.removeAll(keepingCapacity: true)
        if isFirstLine, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        isFirstLine = false
        guard !bytes.isEmpty else { return endMessage() }
        let name = bytes.prefix { $0 != 0x3a }
        var value = bytes.dropFirst(name.count + 1)
        if value.first == 0x20 { value = value.dropFirst() }
        take(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        return nil
    }

    /// A line that begins with a colon has the empty name: a comment, which keeps the connection open.
    private mutating func take(_ name: String, _ value: String) {
        switch name {
        case "event": kind = value
        case "data": data.append(value)
        case "id" where !value.contains("\0"): lastID = value
        case "retry" where !value.isEmpty && value.allSatisfy { ("0"..."9").contains($0) }:
            retryMilliseconds = Int(value)
        default: break
        }
    }

    private mutating func endMessage() -> EventMessage? {
        defer {
            kind = ""
            data = []
            size = 0
        }
        guard !data.isEmpty else { return nil }
        return EventMessage(id: lastID, kind: kind.isEmpty ? "message" : kind, text: data.joined(separator: "\n"))
    }
}

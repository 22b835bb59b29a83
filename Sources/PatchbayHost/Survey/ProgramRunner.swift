import CPatchbayHost

/// Asks programs of this machine for what no file tells. A recorded tree has none that may be asked.
package struct ProgramRunner: Sendable {
    private let ask: @Sendable (_ program: String, _ arguments: [String]) -> String?

    /// - Parameter ask: what a program prints on its standard output; nil: there is no such program, it failed, or it did
    ///   not end in time.
    package init(_ ask: @escaping @Sendable (_ program: String, _ arguments: [String]) -> String?) { self.ask = ask }

    func output(_ program: String, _ arguments: String...) -> String? { ask(program, arguments) }

    package static let none = ProgramRunner { _, _ in nil }

    /// The programs of this machine, each with at most `seconds` to answer and 256 KiB of answer.
    package static func live(seconds: Int = 10) -> ProgramRunner {
        ProgramRunner { program, arguments in
            let places = SysfsPath.programs.map { "\($0)/\(program)" }
            guard let path = places.first(where: { pb_exists(pb_current_directory, $0) == 1 }) else { return nil }
            var content: UnsafeMutablePointer<CChar>?
            var length = 0
            let status = CStrings.withPointers([program] + arguments) { words in
                pb_ask(path, words, Int32(clamping: seconds * 1000), 256 << 10, &content, &length)
            }
            defer { pb_free(content) }
            guard status == 0, let content else { return nil }
            return UnsafeRawBufferPointer(start: content, count: length).withMemoryRebound(to: UInt8.self) {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }
}

/// Words for a C function that takes a NULL-terminated array of strings.
enum CStrings {
    /// The pointers are valid during `body`.
    static func withPointers<Value>(
        _ words: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let bytes = words.flatMap { Array($0.utf8CString) }
        return bytes.withUnsafeBufferPointer { memory in
            var pointers: [UnsafePointer<CChar>?] = []
            var at = 0
            for word in words {
                pointers.append(memory.baseAddress.map { $0 + at })
                at += word.utf8CString.count
            }
            return body(pointers + [nil])
        }
    }
}

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

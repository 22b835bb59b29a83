import CPatchbayHost

extension HostTree {
    /// The first bytes of a file that holds no text. nil: it is not there or not readable.
    func bytes(_ path: String, atMost limit: Int) -> [UInt8]? {
        var content: UnsafeMutablePointer<CChar>?
        let count = pb_read_file(descriptor, path, limit, &content)
        defer { pb_free(content) }
        guard count >= 0 else { return nil }
        guard let content else { return [] }
        return Array(UnsafeRawBufferPointer(start: content, count: count))
    }
}

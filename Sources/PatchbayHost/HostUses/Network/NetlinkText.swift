import CPatchbayHost

/// What the kernel answers on netlink, as the text that a recording has of it.
enum NetlinkText {
    /// nil: this program is in another network namespace than the host, or the kernel gave no answer.
    static func answer(
        in tree: HostTree, _ ask: (inout UnsafeMutablePointer<CChar>?) -> Int
    ) -> String? {
        guard isOfHost(tree) else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        let count = ask(&text)
        defer { pb_free(text) }
        guard count >= 0 else { return nil }
        guard let text else { return "" }
        return UnsafeRawBufferPointer(start: text, count: count).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func isOfHost(_ tree: HostTree) -> Bool {
        let own = tree.link("proc/self/\(SysfsPath.networkNamespace)")
        guard let host = tree.link("proc/1/\(SysfsPath.networkNamespace)") ?? own else { return false }
        return host == own
    }
}

import CPatchbayHost

/// The names in a directory, kept as the C strings that the kernel gave, so that each can be opened again as it is.
struct DirectoryListing: ~Copyable {
    private let names: UnsafeMutablePointer<CChar>?
    private let length: Int

    /// nil: not a directory, or not readable.
    init?(at directory: Int32, _ path: String) {
        var isDenied = false
        self.init(at: directory, path, isDenied: &isDenied)
    }

    /// - Parameter isDenied: set where it may not be looked into: nobody can tell what is in it.
    init?(at directory: Int32, _ path: String, isDenied: inout Bool) {
        var names: UnsafeMutablePointer<CChar>?
        let length = pb_list(directory, path, &names)
        guard length >= 0 else {
            if ["EACCES", "EPERM"].contains(ErrorNumber.name(-length)) { isDenied = true }
            return nil
        }
        self.names = names
        self.length = length
    }

    deinit { pb_free(names) }

    var isEmpty: Bool { length == 0 }

    /// In the file system's order.
    func forEach(_ body: (UnsafePointer<CChar>) -> Void) {
        guard let names else { return }
        var at = 0
        while at < length {
            body(names + at)
            at = pb_find_byte(names, at, length, 0) + 1
        }
    }
}

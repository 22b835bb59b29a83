import CPatchbayHost

/// One piece of memory that all attributes of all functions are read into, one after the other.
///
/// 8 KiB: attributes are at most a page long, and link targets at most 4 KiB.
struct AttributeBuffer: ~Copyable {
    private let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 8192)

    deinit { memory.deallocate() }

    /// Reads an attribute with one `read(2)`, as sysfs attributes need no more, and looks at its bytes. nil: absent.
    func read<Value>(
        _ directory: Int32, _ name: String, atMost limit: Int = 4096, _ parse: (Span<UInt8>) -> Value?
    ) -> Value? {
        parsed(pb_read_once(directory, name, memory.baseAddress, min(limit, memory.count)), parse)
    }

    /// Looks at the bytes of a link's target. nil: no link.
    func link<Value>(
        _ directory: Int32, _ name: UnsafePointer<CChar>, _ parse: (Span<UInt8>) -> Value?
    ) -> Value? {
        parsed(pb_read_link(directory, name, memory.baseAddress, memory.count), parse)
    }

    private func parsed<Value>(_ count: Int, _ parse: (Span<UInt8>) -> Value?) -> Value? {
        guard count >= 0 else { return nil }
        return parse(memory.span.extracting(first: count))
    }

    func hex(_ directory: Int32, _ name: String) -> UInt64? {
        read(directory, name) { KernelText.hex($0, KernelText.firstLine($0)) }
    }

    func decimal(_ directory: Int32, _ name: String) -> Int? {
        read(directory, name) { KernelText.decimal($0, KernelText.firstLine($0)) }
    }
}

import CPatchbayHost

/// The directory of one device, open while its attributes are read: each is then one short name away.
struct AttributeDirectory: ~Copyable {
    private let descriptor: Int32
    private let buffer = AttributeBuffer()

    /// nil: there is no such directory.
    init?(_ tree: HostTree, _ path: String) {
        descriptor = pb_open_directory(tree.descriptor, path)
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { pb_close(descriptor) } }

    /// The first line without blanks around it. nil also when it is empty.
    func line(_ name: String) -> String? {
        buffer.read(descriptor, name) { bytes in
            let line = KernelText.string(bytes, KernelText.firstLine(bytes)).trimmingBlanks
            return line.isEmpty ? nil : String(line)
        }
    }

    /// All lines, joined with commas. nil also when there is nothing in them.
    func text(_ name: String) -> String? {
        buffer.read(descriptor, name) { bytes in
            let lines = KernelText.string(bytes, 0..<bytes.count).split(whereSeparator: \.isNewline)
                .map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
            return lines.isEmpty ? nil : lines.joined(separator: ", ")
        }
    }

    func hex(_ name: String) -> UInt64? { buffer.hex(descriptor, name) }
    func decimal(_ name: String) -> Int? { buffer.decimal(descriptor, name) }

    /// The last component of a link's target: the name of a driver, of a port.
    func target(_ name: String) -> String? {
        buffer.link(descriptor, name) { bytes in
            let last = KernelText.lastComponent(bytes)
            return last.isEmpty ? nil : KernelText.string(bytes, last)
        }
    }

    /// nil: absent, no number, or wider than the type.
    func hex<Number: FixedWidthInteger>(_ name: String, as type: Number.Type) -> Number? {
        hex(name).flatMap { Number(exactly: $0) }
    }
}

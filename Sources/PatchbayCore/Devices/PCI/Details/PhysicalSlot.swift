/// The physical slot, as the firmware and the board name it.
package struct PhysicalSlot: Hashable, Codable, Sendable {
    /// Name below `/sys/bus/pci/slots`: what is printed on the board or on the case.
    package var name: String?
    /// `label`: the firmware's name for an onboard device.
    package var label: String?
    /// `acpi_index` or `index`: the firmware's instance number.
    package var index: Int?

    package init(name: String? = nil, label: String? = nil, index: Int? = nil) {
        self.name = name
        self.label = label
        self.index = index
    }

    /// `slot 4, "Embedded SATA Controller #1"`; nil: nothing is known.
    package var words: String? {
        let words = [name.map { "slot \($0)" }, label.map { "\"\($0)\"" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// One entry of OpenNebula's probe filter: `vendor:device:class`, as `lspci -d` reads it.
///
/// Each part is up to four hexadecimal digits in either case; a part that is missing, empty or `*` matches anything. The
/// class is base class and sub-class. Source: OpenNebula's PCI passthrough guide, and pcilib's filters (`lib/filter.c`).
package struct OpenNebulaPattern: Hashable, Sendable {
    /// nil: any.
    package var vendor: UInt16?
    package var device: UInt16?
    package var deviceClass: UInt16?

    /// nil: not of this form.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), !text.isEmpty else { return nil }
        var numbers: [UInt16?] = [nil, nil, nil]
        for (index, part) in parts.enumerated() where !part.isEmpty && part != "*" {
            guard part.utf8.count <= 4, part.utf8.allSatisfy(\.isHexDigit), let number = UInt16(part, radix: 16) else {
                return nil
            }
            numbers[index] = number
        }
        (vendor, device, deviceClass) = (numbers[0], numbers[1], numbers[2])
    }

    package func matches(_ function: PCIFunction) -> Bool {
        (vendor == nil || vendor == function.id.vendor) && (device == nil || device == function.id.device)
            && (deviceClass == nil || deviceClass == function.deviceClass.baseAndSub)
    }

    /// Entries separated by commas, blanks around them or not; one has to match. nil: one of them is none.
    static func list(_ text: String) -> [OpenNebulaPattern]? {
        let items = text.split(separator: ",", omittingEmptySubsequences: false)
        let patterns = items.compactMap { OpenNebulaPattern($0.trimmingBlanks) }
        return patterns.count == items.count ? patterns : nil
    }

    /// Addresses `BB:SS.F` separated by commas, as the lowest 16 bits of `PCIAddress.number`. nil: one of them is none.
    static func shortAddresses(_ text: String) -> Set<Int>? {
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingBlanks)
        let addresses = items.compactMap { item in
            item.utf8.count == 7 ? (try? PCIAddress(item))?.number : nil
        }
        return addresses.count == items.count ? Set(addresses) : nil
    }
}

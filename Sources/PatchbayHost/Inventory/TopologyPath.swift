import PatchbayCore

/// What the real path of a device below `sys/devices` says about where it is plugged in.
enum TopologyPath {
    /// `../../../devices/pci0000:00/0000:00:02.0/0000:02:00.0` → `pci0000:00/02.0/00.0`.
    ///
    /// Root buses keep their name, functions lose domain and bus. A VMD's domain begins with its own root bus below a
    /// function of another: `pci0000:6a/00.5/pci10001:80/07.0/00.0`. Empty when the path names no root bus.
    static func path(_ link: Span<UInt8>) -> String {
        var path: [UInt8] = []
        path.reserveCapacity(64)
        forEachComponent(link) { component in
            if isRootBus(link, component) {
                if !path.isEmpty { path.append(0x2f) }
                for at in component { path.append(link[at]) }
            } else if !path.isEmpty, KernelText.address(link, component) != nil {
                path.append(0x2f)
                for at in (component.upperBound - 4)..<component.upperBound { path.append(link[at]) }
            }
        }
        return String(decoding: path, as: UTF8.self)
    }

    /// All functions on the way, outermost first: the last one is the device's own, the others are bridges or, above
    /// another domain, the function that makes that domain.
    static func functions(_ link: String) -> [PCIAddress] {
        var functions: [PCIAddress] = []
        let bytes = Array(link.utf8)
        forEachComponent(bytes.span) { component in
            if let address = KernelText.address(bytes.span, component) { functions.append(address) }
        }
        return functions
    }

    private static func forEachComponent(_ bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x2f { end += 1 }
            if end > start { body(start..<end) }
            start = end + 1
        }
    }

    /// `pciDDDD:BB`
    private static func isRootBus(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        return (10...14).contains(range.count) && bytes[start] == 0x70 && bytes[start + 1] == 0x63
            && bytes[start + 2] == 0x69 && bytes[range.upperBound - 3] == 0x3a
    }
}

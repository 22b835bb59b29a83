import PatchbayCore

/// Names for the ids of devices that say nothing of themselves, out of the `usb.ids` list of the machine this runs on.
///
/// Format: <http://www.linux-usb.org/usb-ids.html>; vendors at the line's start, products behind one tab. What follows
/// the vendors (classes, languages) begins with letters and blanks.
struct USBNames {
    private var vendors: [UInt16: String?] = [:]
    private var products: [USBID: String?] = [:]

    /// - Parameter paths: the first that can be read is used; without any there are no names.
    init(for devices: [USBDevice], in paths: [String]) {
        for device in devices {
            if device.vendorName == nil { vendors[device.vendor] = .some(nil) }
            if device.productName == nil { products[device.id] = .some(nil) }
        }
        guard !vendors.isEmpty || !products.isEmpty else { return }
        var vendor: UInt16?
        NameList.forEachLine(of: paths) { bytes, line in
            guard bytes[line.lowerBound] == 0x09 else {
                vendor = NameList.id(bytes, line.lowerBound, in: line)
                if let vendor, vendors[vendor] != nil { vendors[vendor] = .some(NameList.name(bytes, line, after: 0)) }
                return
            }
            guard let vendor, let product = NameList.id(bytes, line.lowerBound + 1, in: line) else { return }
            let key = USBID(vendor: vendor, product: product)
            if products[key] != nil { products[key] = .some(NameList.name(bytes, line, after: 1)) }
        }
    }

    /// Fills in what the devices do not say themselves.
    func name(_ devices: inout [USBDevice]) {
        for index in devices.indices {
            let device = devices[index]
            devices[index].vendorName = device.vendorName ?? vendors[device.vendor] ?? nil
            devices[index].productName = device.productName ?? products[device.id] ?? nil
        }
    }
}

extension [USBDevice] {
    /// With the names that the same devices had: the list of names is long, and read once.
    func named(as earlier: [USBDevice]) -> [USBDevice] {
        guard !earlier.isEmpty else { return self }
        let known = Dictionary(earlier.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        return map { device in
            guard let before = known[device.address], before.id == device.id,
                before.deviceNumber == device.deviceNumber
            else { return device }
            var device = device
            device.vendorName = device.vendorName ?? before.vendorName
            device.productName = device.productName ?? before.productName
            return device
        }
    }
}

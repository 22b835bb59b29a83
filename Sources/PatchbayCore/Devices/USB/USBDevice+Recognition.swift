extension USBDevice {
    /// What must not occur twice for a serial number to tell devices apart. nil: it says none.
    package var serialKey: String? { serial.map { "\(id) \($0)" } }

    /// The serial, if it tells this device from every other: unique on the host, no filler that whole series share, and
    /// not made from the place it is plugged in, as emulated devices do.
    package var tellingSerial: String? {
        guard isSerialUnique, let serial, serial.utf8.count >= 4 else { return nil }
        let isFiller =
            Set(serial.utf8).count <= 2 || "0123456789ABCDEF".contains(serial.uppercased())
            || serial.uppercased() == "1234567890"
        let namesAnAddress = serial.firstMatch(of: /[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/) != nil
        return isFiller || namesAnAddress ? nil : serial
    }

    /// 5 Gbit/s and more: by its speed, or else by the product id that Linux gives root hubs of USB 3.
    package var isSuperSpeed: Bool { speed.map { $0 >= 50_000 } ?? (id == USBID(vendor: 0x1d6b, product: 0x0003)) }
}

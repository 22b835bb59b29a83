extension USBDevice {
    /// What of the board's management controller this is: its virtual keyboard, disk, network card, or the hub they hang
    /// on. nil: nothing that is known as such.
    ///
    /// It belongs to remote management: with it goes the way in when the host does not answer. Found in recordings of
    /// servers and in `usb.ids`.
    package var managementPart: String? {
        switch (vendor, product) {
        case (0x046b, 0xff01), (0x1d6b, 0x0107), (0x1604, 0x10c0), (0x0557, 0x7000):
            "virtual hub of the management controller"
        case (0x046b, 0xff10), (0x0557, 0x2221), (0x0557, 0x2419), (0x0557, 0x9241), (0x03f0, 0x7029), (0x12d1, 0x0003),
            (0x14dd, 0x1010):
            "remote keyboard and mouse"
        case (0x046b, 0xffb0), (0x0b1f, 0x03ee), (0x04b3, 0x4010), (0x413c, 0xa102):
            "network card of the management controller"
        case (0x046b, _), (0x14dd, _):
            "virtual media of the management controller"
        default: nil
        }
    }
}

/// USB devices that exist only inside of a management controller: its keyboard, its media, its network to the host.
enum VirtualUSB {
    /// nil: a real device, as far as ids tell. Otherwise what it is, in words. Ids from `usb.ids` and recorded servers.
    static func name(vendor: UInt16, product: UInt16) -> String? {
        switch (vendor, product) {
        // American Megatrends gives out 0xff00 to 0xffff for what its firmware emulates.
        case (0x046b, 0xff00...), (0x046b, 0x0001): "virtual device of the management controller"
        case (0x0b1f, _): "virtual network of the management controller"
        // ATEN, for Supermicro; Avocent, for Dell and others; Dell's own hub and network.
        case (0x0557, 0x2419), (0x0557, 0x7000), (0x0557, 0x9241): "virtual keyboard of the management controller"
        case (0x0624, 0x0248...0x0251): "virtual device of the management controller"
        case (0x413c, 0xa001), (0x413c, 0xa101), (0x413c, 0xa102): "virtual device of the management controller"
        case (0x03f0, 0x1027), (0x03f0, 0x1327), (0x03f0, 0x7029), (0x03f0, 0x2927):
            "virtual device of the management controller"
        case (0x04b3, 0x4010): "virtual network of the management controller"
        default: nil
        }
    }
}

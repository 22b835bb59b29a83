import PatchbayCore

/// Host devices, network interfaces that are host devices, and NVMe disks by address: all three use VFIO.
enum PCIHostDevice {
    /// The function that an element gives to the guest; nil: none.
    static func address(in element: XMLTree) -> PCIAddress? {
        guard isAssignment(element) else { return nil }
        return element.first("source")?.first("address").flatMap(parse)
    }

    private static func isAssignment(_ element: XMLTree) -> Bool {
        let source = element.first("source")
        return switch element.name {
        case "hostdev": element["type"] == "pci" && element["mode"] != "capabilities"
        case "interface": element["type"] == "hostdev" && source?.first("address")?["type"] == "pci"
        case "disk": element["type"] == "nvme" && source?["type"] == "pci"
        default: false
        }
    }

    /// A missing number is 0.
    private static func parse(_ element: XMLTree) -> PCIAddress? {
        func number(_ name: String) -> UInt32? { element[name].map { $0.libvirtNumber } ?? 0 }
        guard let domain = number("domain"), let bus = number("bus").flatMap(UInt8.init(exactly:)),
            let slot = number("slot").flatMap(UInt8.init(exactly:)),
            let function = number("function").flatMap(UInt8.init(exactly:))
        else { return nil }
        return PCIAddress(domain: domain, bus: bus, slot: slot, function: function)
    }

    /// `managed='no'`: the drivers are Patchbay's business.
    static func text(for address: PCIAddress) -> String {
        let (domain, bus, slot) = (address.domain.hex(4), address.bus.hex(2), address.slot.hex(2))
        return """
            <hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/><source>\
            <address domain='0x\(domain)' bus='0x\(bus)' slot='0x\(slot)' function='0x\(address.function)'/></source>\
            <alias name='\(alias(of: address))'/></hostdev>
            """
    }

    static func alias(of address: PCIAddress) -> String {
        "ua-pb-\(address.domain.hex(4))-\(address.bus.hex(2))-\(address.slot.hex(2))-\(address.function)"
    }
}

extension String {
    /// As libvirt reads numbers: decimal, `0x` hexadecimal or `0` octal.
    var libvirtNumber: UInt32? {
        if hasPrefix("0x") || hasPrefix("0X") { return UInt32(dropFirst(2), radix: 16) }
        return hasPrefix("0") ? UInt32(self, radix: 8) : UInt32(self)
    }
}

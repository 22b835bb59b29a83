import PatchbayCore

/// A domain's XML: what Patchbay reads from it and the little it changes in it.
///
/// Every byte that is not a device of ours stays as it is: elements that we do not know, comments, namespaces, order.
/// Format: libvirt.org, "Domain XML format".
struct DomainDefinition {
    private(set) var xml: String
    private(set) var domain: XMLTree

    /// Throws `.unreadable` when it is not the XML of a domain.
    init(_ xml: String) throws(Problem) {
        self.xml = xml
        domain = try XMLTree(xml)
        guard domain.name == "domain" else {
            throw Problem(.unreadable, "The definition of a VM does not begin with <domain>.")
        }
    }

    /// True when it carries the mark of `GuestXML`.
    var isManaged: Bool {
        domain.elements("metadata").flatMap(\.children).contains {
            $0.localName == GuestXML.mark.element && $0.namespace == GuestXML.mark.namespace
        }
    }

    /// True when its firmware keeps variables in a file of the domain's own.
    var hasFirmwareVariables: Bool {
        domain.elements("os").contains { $0["firmware"] == "efi" || $0.first("nvram") != nil }
    }

    /// Where the host keeps what the first logged serial console prints; nil: nowhere.
    var consoleLogPath: String? {
        let devices = domain.elements("devices").flatMap(\.children)
        return devices.filter { $0.name == "serial" || $0.name == "console" }
            .compactMap { $0.first("log")?["file"] }.first
    }

    /// PCI functions of the host that the guest gets, in the order of the definition, each once.
    var hostDevices: [PCIAddress] {
        var seen: Set<PCIAddress> = []
        return assignments.map(\.address).filter { seen.insert($0).inserted }
    }

    /// Adds what is not there yet.
    ///
    /// PCI domains above ffff (Intel VMD) are libvirt's to refuse: 9.0 takes them, old versions do not.
    mutating func plug(_ addresses: [PCIAddress]) throws(Problem) {
        var present = Set(hostDevices)
        let new = addresses.filter { present.insert($0).inserted }
        guard !new.isEmpty else { return }
        let text = new.map(Self.hostdev).joined()
        guard let devices = domain.first("devices") else {
            return try apply([.insert("<devices>\(text)</devices>", into: domain)])
        }
        try apply([.insert(text, into: devices)])
    }

    /// Removes what is there. Throws `.inUse` for a device that is there as a disk: removing that is not ours to do.
    mutating func unplug(_ addresses: [PCIAddress]) throws(Problem) {
        let wanted = Set(addresses)
        let found = assignments.filter { wanted.contains($0.address) }
        for assignment in found where assignment.element.name == "disk" {
            throw Problem(
                .inUse, "\(assignment.address) is in the definition as an NVMe disk, not as a host device.",
                next: ["Remove the disk with virsh edit."])
        }
        try apply(found.map { .remove($0.element) })
    }

    /// A change of some bytes.
    struct Edit {
        var range: Range<Int>
        var text: String

        static func remove(_ element: XMLTree) -> Edit { Edit(range: element.range, text: "") }

        /// At the element's end.
        static func insert(_ text: String, into element: XMLTree) -> Edit {
            if let end = element.endTag { return Edit(range: end..<end, text: text) }
            let end = element.range.upperBound
            return Edit(range: end - 2..<end, text: ">\(text)</\(element.name)>")
        }
    }

    /// Edits must not overlap; those at one place come in their order.
    mutating func apply(_ edits: [Edit]) throws(Problem) {
        guard !edits.isEmpty else { return }
        var bytes = Array(xml.utf8)
        // From the end, so that the places of the others stay right.
        for edit in edits.enumerated().sorted(by: { ($0.1.range.lowerBound, $0.0) > ($1.1.range.lowerBound, $1.0) }) {
            bytes.replaceSubrange(edit.element.range, with: Array(edit.element.text.utf8))
        }
        self = try DomainDefinition(String(decoding: bytes, as: UTF8.self))
    }

    /// `managed='no'`: the drivers are Patchbay's business. The alias says who put it there.
    private static func hostdev(_ address: PCIAddress) -> String {
        let (domain, bus, slot) = (address.domain.hex(4), address.bus.hex(2), address.slot.hex(2))
        return """
            <hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/><source>\
            <address domain='0x\(domain)' bus='0x\(bus)' slot='0x\(slot)' function='0x\(address.function)'/></source>\
            <alias name='ua-pb-\(domain)-\(bus)-\(slot)-\(address.function)'/></hostdev>
            """
    }
}

extension DomainDefinition {
    /// An element that gives a PCI function of the host to the guest.
    struct Assignment {
        var element: XMLTree
        var address: PCIAddress
    }

    /// Host devices, network interfaces that are host devices, and NVMe disks by address: all three use VFIO.
    var assignments: [Assignment] {
        domain.elements("devices").flatMap(\.children).compactMap { element in
            guard Self.isPCIAssignment(element),
                let address = element.first("source")?.first("address").flatMap(Self.address)
            else { return nil }
            return Assignment(element: element, address: address)
        }
    }

    private static func isPCIAssignment(_ element: XMLTree) -> Bool {
        let source = element.first("source")
        return switch element.name {
        case "hostdev": element["type"] == "pci" && element["mode"] != "capabilities"
        case "interface": element["type"] == "hostdev" && source?.first("address")?["type"] == "pci"
        case "disk": element["type"] == "nvme" && source?["type"] == "pci"
        default: false
        }
    }

    /// Numbers as libvirt reads them: decimal, `0x` hexadecimal or `0` octal; a missing one is 0.
    private static func address(_ element: XMLTree) -> PCIAddress? {
        func number(_ name: String) -> UInt32? {
            guard let text = element[name] else { return 0 }
            if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt32(text.dropFirst(2), radix: 16) }
            return text.hasPrefix("0") ? UInt32(text, radix: 8) : UInt32(text)
        }
        guard let domain = number("domain"), let bus = number("bus").flatMap(UInt8.init(exactly:)),
            let slot = number("slot").flatMap(UInt8.init(exactly:)),
            let function = number("function").flatMap(UInt8.init(exactly:))
        else { return nil }
        return PCIAddress(domain: domain, bus: bus, slot: slot, function: function)
    }
}

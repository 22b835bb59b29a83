import Foundation
import FoundationXML
import PatchbayCore

/// A domain's XML as a document: what Patchbay reads from it and the little it changes in it.
///
/// Everything else stays as it is: elements that we do not know, comments, namespaces, order.
/// Format: libvirt.org, "Domain XML format".
struct DomainDefinition {
    private let document: XMLDocument
    private let domain: XMLElement

    /// The largest PCI domain that libvirt's QEMU driver gives to a guest; Intel VMD's disks are above it.
    static let highestPCIDomain: UInt32 = 0xffff

    /// Throws `.unreadable` when it is not the XML of a domain.
    init(_ xml: String) throws(Problem) {
        do {
            document = try XMLDocument(xmlString: xml, options: .nodePreserveWhitespace)
        } catch {
            throw Problem(.unreadable, "The definition of a VM is not well-formed XML.", cause: "\(error)")
        }
        guard let root = document.rootElement(), root.name == "domain" else {
            throw Problem(.unreadable, "The definition of a VM does not begin with <domain>.")
        }
        domain = root
    }

    var xml: String { document.xmlString(options: .nodePreserveWhitespace) }

    /// True when it carries the mark of `GuestXML`.
    var isManaged: Bool {
        domain.elements(forName: "metadata").flatMap { $0.children ?? [] }.contains {
            $0.localName == GuestXML.mark.element && $0.uri == GuestXML.mark.namespace
        }
    }

    /// True when its firmware keeps variables in a file of the domain's own.
    var hasFirmwareVariables: Bool {
        domain.elements(forName: "os").contains { os in
            os.attribute(forName: "firmware")?.stringValue == "efi" || !os.elements(forName: "nvram").isEmpty
        }
    }

    /// Where the host keeps what the first logged serial console prints; nil: nowhere.
    var consoleLogPath: String? {
        (devices(named: "serial") + devices(named: "console"))
            .flatMap { $0.elements(forName: "log") }
            .compactMap { $0.attribute(forName: "file")?.stringValue }.first
    }

    /// PCI functions of the host that the guest gets, in the order of the definition, each once.
    var hostDevices: [PCIAddress] {
        var seen: Set<PCIAddress> = []
        return assignments.map(\.address).filter { seen.insert($0).inserted }
    }

    /// Adds what is not there yet. Throws `.notAssignable` for an address that libvirt does not take.
    func plug(_ addresses: [PCIAddress]) throws(Problem) {
        var present = Set(hostDevices)
        for address in addresses where present.insert(address).inserted {
            guard address.domain <= Self.highestPCIDomain else { throw Self.domainTooHigh(address) }
            let devices = deviceList()
            do {
                devices.addChild(try XMLElement(xmlString: Self.hostdev(address)))
            } catch {
                throw Problem(.failed, "The entry for \(address) could not be made.", cause: "\(error)")
            }
        }
    }

    /// Removes what is there. Throws `.inUse` for a device that is there as a disk: removing that is not ours to do.
    func unplug(_ addresses: [PCIAddress]) throws(Problem) {
        let wanted = Set(addresses)
        let found = assignments.filter { wanted.contains($0.address) }
        for assignment in found {
            guard assignment.element.name != "disk" else {
                throw Problem(
                    .inUse, "\(assignment.address) is in the definition as an NVMe disk, not as a host device.",
                    next: ["Remove the disk with virsh edit."])
            }
        }
        for assignment in found { assignment.element.detach() }
    }

    /// `managed='no'`: the drivers are Patchbay's business. The alias marks what Patchbay put there.
    private static func hostdev(_ address: PCIAddress) -> String {
        let (domain, bus, slot) = (address.domain.hex(4), address.bus.hex(2), address.slot.hex(2))
        return """
            <hostdev mode="subsystem" type="pci" managed="no"><driver name="vfio"/><source>\
            <address domain="0x\(domain)" bus="0x\(bus)" slot="0x\(slot)" function="0x\(address.function)"/></source>\
            <alias name="ua-pb-\(domain)-\(bus)-\(slot)-\(address.function)"/></hostdev>
            """
    }

    private static func domainTooHigh(_ address: PCIAddress) -> Problem {
        Problem(
            .notAssignable, "\(address) cannot go to a VM: libvirt takes PCI domains up to \(highestPCIDomain.hex(4)).",
            next: [
                "Turn off Intel VMD for its slot in the firmware's set-up; the device then gets an address in domain 0000."
            ])
    }

    private func devices(named name: String) -> [XMLElement] {
        domain.elements(forName: "devices").flatMap { $0.elements(forName: name) }
    }

    private func deviceList() -> XMLElement {
        if let devices = domain.elements(forName: "devices").first { return devices }
        let devices = XMLElement(name: "devices")
        domain.addChild(devices)
        return devices
    }
}

extension DomainDefinition {
    /// An element that gives a PCI function of the host to the guest.
    private struct Assignment {
        var element: XMLElement
        var address: PCIAddress
    }

    /// Host devices, network interfaces that are host devices, and NVMe disks by address: all three use VFIO.
    private var assignments: [Assignment] {
        domain.elements(forName: "devices").flatMap { $0.children ?? [] }.compactMap { node in
            guard let element = node as? XMLElement, Self.isPCIAssignment(element),
                let source = element.elements(forName: "source").first,
                let address = source.elements(forName: "address").first.flatMap(Self.address)
            else { return nil }
            return Assignment(element: element, address: address)
        }
    }

    private static func isPCIAssignment(_ element: XMLElement) -> Bool {
        let type = element.attribute(forName: "type")?.stringValue
        let source = element.elements(forName: "source").first
        switch element.name {
        case "hostdev": return type == "pci" && element.attribute(forName: "mode")?.stringValue != "capabilities"
        case "interface":
            let address = source?.elements(forName: "address").first
            return type == "hostdev" && address?.attribute(forName: "type")?.stringValue == "pci"
        case "disk": return type == "nvme" && source?.attribute(forName: "type")?.stringValue == "pci"
        default: return false
        }
    }

    /// Numbers as libvirt reads them: decimal, `0x` hexadecimal or `0` octal; a missing one is 0.
    private static func address(_ element: XMLElement) -> PCIAddress? {
        func number(_ name: String) -> UInt32? {
            guard let text = element.attribute(forName: name)?.stringValue else { return 0 }
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

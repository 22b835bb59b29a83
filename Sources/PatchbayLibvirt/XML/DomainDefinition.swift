import PatchbayCore
import PatchbayHost

/// A domain's XML: what Patchbay reads from it and the little it changes in it.
///
/// Every byte that is not a device of ours stays as it is: elements that we do not know, comments, namespaces, order.
/// Format: libvirt.org, "Domain XML format".
struct DomainDefinition {
    private(set) var xml: String
    private(set) var domain: XMLTree
    private let usb: USBNumbers

    /// Throws `.unreadable` when it is not the XML of a domain.
    ///
    /// - Parameter usb: what is plugged into the host: definitions name USB devices by numbers.
    init(_ xml: String, usb: USBNumbers = USBNumbers(root: nil)) throws(Problem) {
        self.xml = xml
        self.usb = usb
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

    /// Devices of the host that the guest gets, in the order of the definition, each once.
    var hostDevices: [DeviceKey] {
        var seen: Set<DeviceKey> = []
        return assignments.map(\.key).filter { seen.insert($0).inserted }
    }

    /// Those that a running guest has, and those of which it has nothing any more.
    var present: [DeviceKey] { Set(assignments.filter { !$0.isPulled }.map(\.key)).sorted() }
    var pulled: [DeviceKey] { Set(assignments.filter(\.isPulled).map(\.key)).sorted() }

    /// The elements that give it those.
    var assignments: [HostDevice] {
        domain.elements("devices").flatMap(\.children).compactMap { HostDevice($0, usb: usb) }
    }

    /// Adds what is not there yet, and the controller that USB devices need in a VM of ours.
    ///
    /// PCI domains above ffff (Intel VMD) are libvirt's to refuse: 9.0 takes them, old versions do not.
    mutating func plug(_ devices: [DeviceKey], _ guestReset: [DeviceKey: GuestReset] = [:]) throws(Problem) {
        var present = Set(hostDevices)
        let new = devices.filter { present.insert($0).inserted }
        guard !new.isEmpty else { return }
        var text = ""
        for key in new { text += try HostDevice.text(for: key, usb: usb, guestReset: guestReset[key]) }
        let controller = isManaged && new.contains { $0.usb != nil } ? usbControllerEdits : []
        guard let parent = domain.first("devices") else {
            return try apply([.insert("<devices>\(text)</devices>", into: domain)])
        }
        try apply(controller + [.insert(text, into: parent)])
    }

    /// Removes what is there. Throws `.inUse` for a device that is there as a disk: removing that is not ours to do.
    mutating func unplug(_ devices: [DeviceKey]) throws(Problem) {
        let wanted = Set(devices)
        let found = assignments.filter { wanted.contains($0.key) }
        for assignment in found where assignment.element.name == "disk" {
            throw Problem(
                .inUse, "\(assignment.key) is in the definition as an NVMe disk, not as a host device.",
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
        self = try DomainDefinition(String(decoding: bytes, as: UTF8.self), usb: usb)
    }
}

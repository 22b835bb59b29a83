import PatchbayCore
import PatchbayHost

/// USB devices. Numbers of devices change with each plug, so what Patchbay has put in is known by its alias.
enum USBHostDevice {
    private static let aliasPrefix = "ua-pb-usb-"

    /// Where what an element gives to the guest is, or was, plugged in; nil: it gives none, or one that is not there.
    static func address(in element: XMLTree, _ usb: USBNumbers) -> USBAddress? {
        guard isAssignment(element) else { return nil }
        return element.first("alias")?["name"].flatMap(address(ofAlias:)) ?? present(element, usb)
    }

    /// What a running guest has of an element is not there any more: it was pulled, whatever has been plugged in since.
    static func isPulled(_ element: XMLTree, _ usb: USBNumbers) -> Bool {
        isAssignment(element) && present(element, usb) == nil
    }

    private static func isAssignment(_ element: XMLTree) -> Bool {
        element.name == "hostdev" && element["type"] == "usb" && element["mode"] != "capabilities"
    }

    private static func present(_ element: XMLTree, _ usb: USBNumbers) -> USBAddress? {
        guard let source = element.first("source") else { return nil }
        if let address = source.first("address"), let bus = number("bus", address),
            let device = number("device", address)
        {
            return usb.address(bus: bus, device: device)
        }
        guard let vendor = id("vendor", source), let product = id("product", source) else { return nil }
        return usb.address(ofOnly: USBID(vendor: vendor, product: product))
    }

    private static func number(_ name: String, _ element: XMLTree) -> Int? {
        element[name]?.libvirtNumber.map { Int($0) }
    }

    private static func id(_ name: String, _ source: XMLTree) -> UInt16? {
        source.first(name)?["id"]?.libvirtNumber.flatMap(UInt16.init(exactly:))
    }

    /// `managed='no'`: its interfaces have been unbound from their drivers, and are bound again when it is given back. Ids and
    /// numbers both, so that nothing else is taken that has been plugged in meanwhile.
    static func text(for device: USBDevice, guestReset: GuestReset?) -> String {
        """
        <hostdev mode='subsystem' type='usb' managed='no'>\
        <source\(guestReset.map { " guestReset='\($0.rawValue)'" } ?? "")>\
        <vendor id='0x\(device.vendor.hex(4))'/><product id='0x\(device.product.hex(4))'/>\
        <address bus='\(device.address.bus)' device='\(device.deviceNumber)'/></source>\
        <alias name='\(alias(of: device.address))'/></hostdev>
        """
    }

    /// `ua-pb-usb-1-3_1`: an alias has no full stops (`USER_ALIAS_CHARS` in libvirt's `domain_validate.c`).
    static func alias(of address: USBAddress) -> String {
        aliasPrefix + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    private static func address(ofAlias alias: String) -> USBAddress? {
        guard alias.hasPrefix(aliasPrefix) else { return nil }
        return USBAddress(kernelName: String(alias.dropFirst(aliasPrefix.count).map { $0 == "_" ? "." : $0 }))
    }
}

extension DomainDefinition {
    /// Of a running guest: libvirt writes down every controller that it has.
    var lacksUSBController: Bool {
        !domain.elements("devices").flatMap { $0.elements("controller") }.contains {
            $0["type"] == "usb" && $0["model"] != "none"
        }
    }

    /// Ours has no USB controller until it asks for a USB device: every guest would have to drive one.
    var usbControllerEdits: [Edit] {
        let controllers = domain.elements("devices").flatMap { $0.elements("controller") }
        return controllers.filter { $0["type"] == "usb" && $0["model"] == "none" }.map {
            Edit(range: $0.range, text: "<controller type='usb' model='qemu-xhci' ports='15'/>")
        }
    }
}

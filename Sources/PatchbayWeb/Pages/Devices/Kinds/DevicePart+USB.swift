import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// Of a USB device: the way from its controller down to its port, its interfaces, and how it is known again.
extension DevicePage.Part {
    struct Plug: Sendable, Hashable {
        /// From the controller to the port.
        let chain: [Stop]
        /// What becomes of it when its controller is lent; empty: it has none.
        let impact: String
        let facts: [Fact]

        struct Stop: Sendable, Hashable {
            let text: String
            let href: String
        }
    }

    /// - Parameters:
    ///   - usb: nil: it is not plugged in now.
    ///   - controller: the function that drives its bus.
    init(_ device: API.Device, usb: API.USBDevice?, controller: API.Device?) {
        self.facts = Self.factsOfUSB(device, usb)
        let story = usb.map(USBStory.make)
        self.cards = (story?.sections ?? []).filter { $0.title == "Device" }.map(StoryCard.init)
        self.isolation = nil
        self.plug = Plug(device, usb, controller)
        self.usb = []
        self.hasUSB = false
    }

    private static func factsOfUSB(_ device: API.Device, _ usb: API.USBDevice?) -> [Fact] {
        var facts = [
            Fact("Vendor", [device.vendorName, device.vendorID].compactMap { $0 }.joined(separator: " · ")),
            Fact("Product", [device.deviceName, device.deviceID].compactMap { $0 }.joined(separator: " · ")),
        ]
        if device.state != .missing {
            facts += [
                Fact("Class", [device.className, device.classCode].compactMap { $0 }.joined(separator: " · ")),
                Fact("Drivers", device.driverWords),
            ]
        }
        if let known = usb?.recognisedBy, !known.isEmpty {
            facts.append(Fact("Recognised by", known.joined(separator: ", else ")))
        }
        if let node = device.numaNode { facts.append(Fact("NUMA", "\(node), that of its controller")) }
        return facts
    }
}

extension DevicePage.Part.Plug {
    fileprivate init(_ device: API.Device, _ usb: API.USBDevice?, _ controller: API.Device?) {
        var chain: [Stop] = []
        if let controller {
            chain.append(
                Stop(text: "\(controller.shortAddress) \(controller.briefName)", href: Link.device(controller)))
        } else if let address = device.parent {
            chain.append(Stop(text: address, href: ""))
        }
        if let usb {
            chain.append(Stop(text: "bus \(usb.busNumber)", href: ""))
            chain += usb.ports.map { Stop(text: "port \($0)", href: "") }
        }
        self.chain = chain
        self.impact =
            controller.map {
                "It and its controller exclude each other: while a VM has \($0.shortAddress), no VM can get this "
                    + "device, and while a VM has this device, no VM can get \($0.shortAddress)."
            } ?? ""
        var facts: [Fact] = []
        if let companion = usb?.companion {
            facts.append(Fact("Same socket", "\(companion), for devices of another speed"))
        }
        if let usb, device.state != .missing {
            facts.append(
                Fact(
                    "Number",
                    "device \(usb.deviceNumber) of bus \(usb.busNumber); changes whenever it is plugged in"))
        }
        if let connection = usb?.connectType { facts.append(Fact("Connection", connection)) }
        self.facts = facts
    }
}

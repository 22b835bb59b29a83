import PatchbayAPI
import PatchbayCore
import PatchbayText

/// What is known of a USB device.
package enum USBStory {
    package static func make(_ device: API.USBDevice) -> Story {
        var story = Story()
        story.section("Device") { section in
            section.add("identity", joining: ["\(device.vendorID):\(device.productID)", serial(of: device)])
            section.add(
                "speed",
                joining: [
                    device.speedKbps.map(Self.speed), device.usbVersion.map { "USB \($0)" },
                    device.maxPowerMilliamperes.map { "\($0) mA" },
                ])
            section.add("interfaces", device.interfaces.map(\.words))
            section.add("carries", device.nodes.joined(separator: ", "))
            if !device.isAuthorized { section.add("authorized", "no: the host does not use it") }
        }
        story.section("Place") { section in
            section.add(
                "bus",
                "bus \(device.busNumber), device \(device.deviceNumber); the number changes whenever it is plugged in")
            section.add("controller", device.controller)
            section.add("ports", device.ports.map(String.init).joined(separator: " → "))
            section.add("same socket", device.companion)
            section.add("connection", device.connectType)
        }
        story.section("Host") { section in
            section.add("verdict", "\(device.verdict.words) · \(device.verdict.meaning)")
            section.add("host use", device.hostUses.map(\.line))
        }
        return story
    }

    private static func serial(of device: API.USBDevice) -> String {
        guard let serial = device.serial else { return "no serial: recognised by its port" }
        return device.isSerialUnique
            ? "serial \(serial)" : "serial \(serial), which other devices here also have: recognised by its port"
    }

    /// `480 Mbit/s`
    package static func speed(_ kbps: Int) -> String {
        if kbps >= 1_000_000 { return "\(kbps / 1_000_000) Gbit/s" }
        let tenth = kbps % 1000 / 100
        return "\(kbps / 1000)\(tenth == 0 ? "" : ".\(tenth)") Mbit/s"
    }
}

extension API.USBInterface {
    package var words: String {
        "\(number): " + [className ?? "class \(classCode)", driver ?? "no driver"].joined(separator: ", ")
    }
}

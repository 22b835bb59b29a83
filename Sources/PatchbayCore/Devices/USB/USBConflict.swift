/// Why a USB device and the controller it hangs on cannot go different ways.
///
/// A controller that is handed over takes everything that is plugged into it along.
package struct USBConflict: Hashable, Codable, Sendable {
    package var controller: PCIAddress
    /// Name of the device: `1-3.1`.
    package var device: String
    package var deviceTitle: String
    /// Who has the one that stands in the way of the other.
    package var holder: String

    package init(controller: PCIAddress, device: String, deviceTitle: String, holder: String) {
        self.controller = controller
        self.device = device
        self.deviceTitle = deviceTitle
        self.holder = holder
    }
}

extension HostSurvey {
    /// What stands in the way of handing over a controller: devices on it that somebody has been given.
    ///
    /// - Parameter claims: who has a USB device, by the device's name.
    package func conflicts(
        handingOver controller: PCIAddress, usbClaims claims: [String: String]
    ) -> [USBConflict] {
        usbDevices(on: controller).compactMap { device in
            claims[device.name].map {
                USBConflict(controller: controller, device: device.name, deviceTitle: device.title, holder: $0)
            }
        }
    }

    /// What stands in the way of lending one USB device: its controller is with somebody else.
    ///
    /// - Parameter controllers: who has a controller, by its address.
    package func conflict(lending device: USBDevice, controllers: [PCIAddress: String]) -> USBConflict? {
        guard let controller = device.port.controller, let holder = controllers[controller] else { return nil }
        return USBConflict(controller: controller, device: device.name, deviceTitle: device.title, holder: holder)
    }
}

extension USBConflict {
    /// Said of the controller: it cannot go because of the device.
    package var sentenceForController: String {
        "\(deviceTitle) (\(device)), which hangs on \(controller), is lent to \(holder)."
    }
    /// Said of the device: it cannot go because of the controller.
    package var sentenceForDevice: String {
        "\(controller), which \(deviceTitle) (\(device)) hangs on, is with \(holder)."
    }
}

import PatchbayCore

/// Names out of a list that the caller chooses, instead of the one that the machine has.
package enum DeviceNames {
    /// The functions with what a `pci.ids` file calls them. A file that cannot be read names nothing.
    package static func named(_ functions: [PCIFunction], in path: String) -> [PCIFunction] {
        let names = PCINames(for: functions, in: [path])
        return functions.map { function in
            var named = function
            names.name(&named)
            return named
        }
    }

    /// The devices that say nothing of themselves, with what a `usb.ids` file calls them.
    package static func named(_ devices: [USBDevice], in path: String) -> [USBDevice] {
        var named = devices
        USBNames(for: devices, in: [path]).name(&named)
        return named
    }
}

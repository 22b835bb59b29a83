import PatchbayCore

/// Names that go into a path or into a kernel attribute. What is not plainly a name is refused before anything is built
/// from it.
enum KernelName {
    /// A driver: visible ASCII, no slash, no line end (a second line would be a second command), not `.` or `..`.
    static func isDriver(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x2f }
    }

    /// A module, as `modprobe` takes it: letters, digits, `-` and `_`, and no option.
    static func isModule(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == 0x2d || byte == 0x5f
            }
    }
}

extension KernelAttribute {
    /// Where to write, relative to the root, and which device the write is about.
    ///
    /// Throws `.malformedInput` when `text` or a name in the attribute is none that the kernel takes there.
    func target(of text: String) throws(Problem) -> (path: String, device: DeviceKey) {
        switch self {
        case .unbind(let driver):
            guard KernelName.isDriver(driver) else { throw Self.malformed(driver) }
            return ("\(SysfsPath.pciDriver(driver))/unbind", try Self.function(text))
        case .driverOverride(let address):
            guard text.isEmpty || KernelName.isDriver(text) else { throw Self.malformed(text) }
            let device = SysfsPath.pciDevice(address.description)
            return ("\(device)/\(SysfsPath.Function.driverOverride)", address.key)
        case .driversProbe:
            return (SysfsPath.pciDriversProbe, try Self.function(text))
        case .unbindInterface(let driver):
            guard KernelName.isDriver(driver) else { throw Self.malformed(driver) }
            return ("\(SysfsPath.usbDriver(driver))/unbind", try Self.interface(text))
        case .bindInterface(let driver):
            guard KernelName.isDriver(driver) else { throw Self.malformed(driver) }
            return ("\(SysfsPath.usbDriver(driver))/bind", try Self.interface(text))
        case .interfacesProbe:
            return (SysfsPath.usbDriversProbe, try Self.interface(text))
        }
    }

    /// The text is written as it is, so it must be in the kernel's own form.
    private static func function(_ text: String) throws(Problem) -> DeviceKey {
        guard let address = PCIAddress(printed: text) else {
            throw Problem(
                .malformedAddress, "\"\(text)\" is not a PCI address as the kernel writes it.",
                next: ["Write it as DDDD:BB:SS.F, for example 0000:41:00.0."])
        }
        return address.key
    }

    private static func interface(_ text: String) throws(Problem) -> DeviceKey {
        guard let address = USBInterfaceAddress(kernelName: text), address.description == text else {
            throw Problem(
                .malformedAddress, "\"\(text)\" is not a USB interface as the kernel writes it.",
                next: ["Write it as BUS-PORT:CONFIGURATION.INTERFACE, for example 1-3.1:1.0."])
        }
        return .usb(address.device)
    }

    private static func malformed(_ name: String) -> Problem {
        Problem(
            .malformedInput, "\"\(name)\" is not the name of a driver.",
            next: ["Use a name from \(SysfsPath.pciDrivers)."])
    }
}

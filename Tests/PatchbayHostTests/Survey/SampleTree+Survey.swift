import PatchbayCore
import PatchbayHost
import Testing

extension SampleTree {
    /// A USB device as the kernel lays it out below a controller's directory. `path`: the hubs above it and itself:
    /// `usb1/1-3/1-3.1`. Returns its directory.
    @discardableResult
    func usb(
        _ path: String, below controller: String, id: String, number: Int, deviceClass: String = "00",
        _ attributes: [String: String] = [:]
    ) throws -> String {
        let directory = "\(controller)/\(path)"
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let ids = id.split(separator: ":")
        try file("\(directory)/idVendor", "\(ids[0])\n")
        try file("\(directory)/idProduct", "\(ids[1])\n")
        try file("\(directory)/devnum", "\(number)\n")
        try file("\(directory)/bDeviceClass", "\(deviceClass)\n")
        for (name, value) in attributes { try file("\(directory)/\(name)", "\(value)\n") }
        try link("sys/bus/usb/devices/\(name)", to: directory)
        return directory
    }

    /// An interface of a device: `1-3.1:1.0`. `code`: class, subclass and protocol, `080650`. Returns its directory.
    @discardableResult
    func usbInterface(_ name: String, of device: String, code: String, driver: String? = nil) throws -> String {
        let directory = "\(device)/\(name)"
        let number = name.split(separator: ".").last.map(String.init) ?? "0"
        try file("\(directory)/bInterfaceNumber", "0\(number)\n")
        try file("\(directory)/bInterfaceClass", "\(code.prefix(2))\n")
        try file("\(directory)/bInterfaceSubClass", "\(code.dropFirst(2).prefix(2))\n")
        try file("\(directory)/bInterfaceProtocol", "\(code.suffix(2))\n")
        try link("sys/bus/usb/devices/\(name)", to: directory)
        if let driver { try link("\(directory)/driver", to: "sys/bus/usb/drivers/\(driver)") }
        return directory
    }

    /// A port of a hub's interface, and its companion on the bus of the other speed.
    func usbPort(_ path: String, peer: String? = nil, connectType: String = "hotplug") throws {
        try file("\(path)/connect_type", "\(connectType)\n")
        if let peer { try link("\(path)/peer", to: peer) }
    }

    func survey() throws -> InventoryReader.Result { try InventoryReader(root: root, hostName: "atlas").survey() }

    /// The survey with what programs say.
    func survey(programs: ProgramRunner) async throws -> HostSurvey {
        let reader = InventoryReader(root: root, hostName: "atlas")
        var inventory = try reader.survey().inventory
        await reader.askPrograms(programs, about: &inventory)
        return try #require(inventory.survey)
    }

    /// What the survey says of the platform.
    func platform() throws -> HostPlatform { try #require(try survey().inventory.survey).platform }
}

import PatchbayCore

extension API {
    package struct USBDevice: Codable, Hashable, Sendable {
        /// `atlas/usb-1-3.1`: by its port.
        package var id: String
        package var host: String
        /// Below `sys/bus/usb/devices`: `1-3.1`, `usb1` for a root hub.
        package var name: String
        /// The device's own words, or what `usb.ids` says.
        package var title: String
        package var vendorID: String
        package var productID: String
        package var vendorName: String?
        package var productName: String?
        package var serial: String?
        /// No other device of the host has the same ids and serial.
        package var isSerialUnique: Bool
        package var busNumber: Int
        package var deviceNumber: Int
        /// The PCI function that drives the bus.
        package var controller: String?
        /// Port numbers below the root hub.
        package var ports: [Int]
        /// The same socket on the bus of the other speed.
        package var companion: String?
        package var connectType: String?
        package var speedKbps: Int?
        package var usbVersion: String?
        /// device, hub, root-hub
        package var kind: String
        package var interfaces: [USBInterface]
        package var maxPowerMilliamperes: Int?
        package var isAuthorized: Bool
        package var nodes: [String]
        package var state: DeviceState
        /// Why it is in that state, in a sentence.
        package var reason: String
        /// The pools whose rules match it.
        package var pools: [String]
        /// Who holds it, or will when its plan is through: `VM trainer-01`, `system slurm/job-17`, `reservation night`.
        package var holder: String?
        /// The VM, where one holds it.
        package var vm: String?
        /// By what it is known again, the most telling first; nil: a hub.
        package var recognisedBy: [String]?
        package var verdict: HostVerdict
        package var hostUses: [HostUse]
    }

    package struct USBInterface: Codable, Hashable, Sendable {
        package var number: Int
        /// `03`: hexadecimal, as the class codes are written.
        package var classCode: String
        package var className: String?
        package var subclass: String
        package var interfaceProtocol: String
        package var driver: String?
    }
}

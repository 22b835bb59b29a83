import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func survey(host: String) async throws(Problem) -> API.Survey {
        let fleet = try await view.fleet()
        guard let view = fleet.view(of: host) else { throw fleet.unknownHost(host) }
        return API.Survey(view.inventoryWithMissing) { fleet.standing(of: $0, in: view) }
    }

    package func usbDevice(_ name: String, host: String) async throws(Problem) -> API.USBDevice {
        guard let device = try await survey(host: host).usb.first(where: { $0.name == name }) else {
            throw Problem(
                .unknownDevice, "\"\(host)\" has no USB device at port \"\(name)\".",
                next: [NextStep("List them", .listUSB(host: host))])
        }
        return device
    }
}

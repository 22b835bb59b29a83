import PatchbayAPI
import PatchbayCore

/// One machine as it was read, answering like a server that has this host only. It knows of no pools and no VMs.
struct OfflineService: InventoryService {
    private let inspection: Inspection

    init(_ inspection: Inspection) { self.inspection = inspection }

    private var name: String { inspection.inventory.host.name }

    func hosts() -> [API.Host] { [inspection.host] }

    func host(_ name: String) throws(Problem) -> API.Host {
        guard name == self.name else {
            throw Problem(
                .unknownHost, "The machine read is \"\(self.name)\", not \"\(name)\".",
                next: ["Omit the name."])
        }
        return inspection.host
    }

    func survey(host: String) throws(Problem) -> API.Survey {
        _ = try self.host(host)
        return inspection.survey
    }

    func usbDevice(_ name: String, host: String) throws(Problem) -> API.USBDevice {
        guard let device = try survey(host: host).usb.first(where: { $0.name == name }) else {
            throw Problem(
                .unknownDevice, "There is no USB device at port \"\(name)\".",
                next: ["List them:  patchbay usb list --root DIR"])
        }
        return device
    }

    func devices(_ query: API.DeviceQuery) throws(Problem) -> [API.Device] {
        if let host = query.host { _ = try self.host(host) }
        let kind = query.kind ?? .pci
        var kept = inspection
        if let filter = query.filter { kept.keep(try DeviceFilter(parsing: filter, for: kind), of: kind) }
        return kept.devices(of: kind)
    }

    func device(_ name: String) throws(Problem) -> API.Device {
        let keys: [DeviceKey]
        switch try DeviceName(name) {
        case .place(_, let key): keys = [key]
        case .serial(_, let serial): keys = inspection.inventory.devices(withSerial: serial)
        }
        let devices = keys.compactMap { key in
            inspection.devices(of: key.kind).first { $0.address == key.description }
        }
        guard let device = devices.first else {
            throw Problem(
                .unknownDevice, "There is no device \"\(name)\".",
                next: ["List them:  patchbay device list --root DIR"])
        }
        guard devices.count == 1 else {
            throw Problem(
                .ambiguousName, "\(devices.count) devices have that serial number.",
                evidence: devices.map(\.shortID), next: ["Name it by its place:  \(device.shortID)"])
        }
        return inspection.detailed([device])[0]
    }

    func groups(host: String?) throws(Problem) -> [API.Group] {
        if let host { _ = try self.host(host) }
        return inspection.groups
    }

    func group(_ number: Int, host: String) throws(Problem) -> API.Group {
        guard let group = try groups(host: host).first(where: { $0.number == number }) else {
            throw Problem(
                .unknownGroup, "\"\(host)\" has no IOMMU group \(number).",
                next: ["List them:  patchbay group list --root DIR"])
        }
        return group
    }
}

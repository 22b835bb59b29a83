import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func status() async throws(Problem) -> API.Status { try await value(Endpoint(.status)) }
    package func hosts() async throws(Problem) -> [API.Host] { try await list(Endpoint(.hosts)) }
    package func host(_ name: String) async throws(Problem) -> API.Host {
        try await value(Endpoint(.host, name))
    }
    package func refreshHost(_ name: String) async throws(Problem) -> API.Host {
        try await value(Endpoint(.refreshHost, name))
    }
    package func examineHost(_ name: String) async throws(Problem) -> API.DoctorReport {
        try await value(Endpoint(.examineHost, name))
    }
    package func editHost(
        _ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.editHost, name, dryRun: dryRun), body: try Payload(draft))
    }

    package func survey(host: String) async throws(Problem) -> API.Survey {
        try await value(Endpoint(.survey, host))
    }
    package func usbDevice(_ name: String, host: String) async throws(Problem) -> API.USBDevice {
        try await value(Endpoint(.usbDevice, host, name))
    }

    package func devices(_ query: API.DeviceQuery) async throws(Problem) -> [API.Device] {
        try await list(
            Endpoint(
                .devices,
                query: [
                    ("kind", query.kind?.rawValue), ("host", query.host), ("filter", query.filter),
                    ("sort", query.sort),
                ]))
    }
    package func device(_ name: String) async throws(Problem) -> API.Device {
        try await value(Endpoint.device(name))
    }
    package func groups(host: String?) async throws(Problem) -> [API.Group] {
        try await list(Endpoint(.groups, query: [("host", host)]))
    }
    package func group(_ number: Int, host: String) async throws(Problem) -> API.Group {
        try await value(Endpoint(.group, host, String(number)))
    }

    package func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(
            Endpoint(.prepareDevices, dryRun: dryRun), body: try Payload(API.DeviceNames(devices: names)))
    }
    package func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(
            Endpoint(.releaseDevices, dryRun: dryRun), body: try Payload(API.DeviceNames(devices: names)))
    }
    package func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.removeHost, name, dryRun: dryRun))
    }
    package func acceptHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.acceptHost, name, dryRun: dryRun))
    }
    package func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(
            Endpoint(.returnDevices, dryRun: dryRun), body: try Payload(API.DeviceNames(devices: names)))
    }
    package func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.dropStored, dryRun: dryRun), body: try Payload(API.StoredKey(key: key)))
    }
    package func makePassthrough(
        _ request: API.PassthroughRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.makePassthrough, dryRun: dryRun), body: try Payload(request))
    }
}

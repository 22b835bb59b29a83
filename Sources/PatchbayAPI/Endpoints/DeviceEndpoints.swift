import PatchbayCore

/// Devices and their IOMMU groups.
package struct DeviceEndpoints: Sendable {
    private static let example = API.DeviceNames(devices: ["atlas/0000:41:00.0"])

    package let devices = Endpoint(
        .get, "/v1/devices", "List devices of all hosts or of one",
        query: [Query.kind, Query.host, Query.filter, Query.sort],
        answer: .list(by: { (device: API.Device) in device.id }), statuses: [404]
    ) {
        try await $0.devices(
            API.DeviceQuery(
                kind: try $1[Query.kind], host: try $1[Query.host], filter: try $1[Query.filter],
                sort: try $1[Query.sort]))
    }

    package let device = Endpoint(
        .get, "/v1/devices/{host}/{address}", "Show a device and why it is in its state",
        answer: .json(API.Device.self)
    ) { try await $0.device("\($1.name)/\($1.part)") }

    package let deviceByShortName = Endpoint(
        .get, "/v1/devices/{name}", "Show a device by an address that only one host has",
        answer: .json(API.Device.self)
    ) { try await $0.device($1.name) }

    package let prepareDevices = Endpoint(
        .post, "/v1/devices/prepare", "Bind devices to vfio-pci and keep them there",
        body: .json(example: example), answer: .change
    ) { try await $0.prepareDevices($1.body.devices, dryRun: $1.dryRun) }

    package let releaseDevices = Endpoint(
        .post, "/v1/devices/release", "Give prepared devices back to their original drivers",
        body: .json(example: example), answer: .change
    ) { try await $0.releaseDevices($1.body.devices, dryRun: $1.dryRun) }

    package let returnDevices = Endpoint(
        .post, "/v1/devices/return", "Confirm that single-use devices were cleaned and can be lent again",
        body: .json(example: example), answer: .change
    ) { try await $0.returnDevices($1.body.devices, dryRun: $1.dryRun) }

    package let makePassthrough = Endpoint(
        .post, "/v1/devices/passthrough", "Add a rule for each device to a pool, existing or new",
        body: .json(
            example: API.PassthroughRequest(
                devices: ["atlas/0000:41:00.0"], pool: "gpus", create: API.PoolDraft(preparation: .onDemand))),
        answer: .change
    ) { try await $0.makePassthrough($1.body, dryRun: $1.dryRun) }

    package let groups = Endpoint(
        .get, "/v1/groups", "List IOMMU groups with their members", query: [Query.host],
        answer: .list(by: { (group: API.Group) in "\(group.host)/\(group.number)" }), statuses: [404]
    ) { try await $0.groups(host: try $1[Query.host]) }

    package let group = Endpoint(
        .get, "/v1/groups/{host}/{number}", "Show an IOMMU group", answer: .json(API.Group.self)
    ) { service, call in
        guard let number = Int(call.part), number >= 0 else {
            throw Problem(
                .malformedInput, "\"\(call.part)\" is not a valid IOMMU group number.", next: ["Write a number from 0."]
            )
        }
        return try await service.group(number, host: call.name)
    }
}

extension API {
    /// Devices by name: `atlas/0000:41:00.0`, or a short form that is unique.
    package struct DeviceNames: WireRequest, Hashable {
        package var devices: [String]
        package init(devices: [String]) { self.devices = devices }
    }
}

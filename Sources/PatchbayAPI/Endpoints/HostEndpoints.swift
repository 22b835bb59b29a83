import PatchbayCore

/// Hosts, and the server as a whole.
package struct HostEndpoints: Sendable {
    package let status = Endpoint(
        .get, "/v1/status", "Show hosts, counts and findings at a glance", answer: .json(API.Status.self)
    ) { service, _ in try await service.status() }

    package let openAPI = Endpoint(
        .get, "/v1/openapi.json", "Get this document", answer: .document
    ) { _, _ in OpenAPIDocument.shared.document }

    package let hosts = Endpoint(
        .get, "/v1/hosts", "List hosts", answer: .list(by: { (host: API.Host) in host.name })
    ) { service, _ in try await service.hosts() }

    package let host = Endpoint(
        .get, "/v1/hosts/{host}", "Show a host: whether it is ready, and what it has", answer: .json(API.Host.self)
    ) { try await $0.host($1.name) }

    package let editHost = Endpoint(
        .patch, "/v1/hosts/{host}", "Set a host's labels, CPU pinning and cordon state; omitted settings stay",
        body: .json(example: API.HostSettingsDraft(labels: ["rack": "b2"], isCordoned: true)), answer: .change,
        precondition: .hostSettings
    ) { try await $0.editHost($1.name, $1.body, dryRun: $1.dryRun) }

    package let removeHost = Endpoint(
        .delete, "/v1/hosts/{host}", "Remove a host whose agent is gone", answer: .change
    ) { try await $0.removeHost($1.name, dryRun: $1.dryRun) }

    package let acceptHost = Endpoint(
        .post, "/v1/hosts/{host}/accept",
        "Accept the agent that was refused last as the agent of this host", answer: .change
    ) { try await $0.acceptHost($1.name, dryRun: $1.dryRun) }

    package let refreshHost = Endpoint(
        .post, "/v1/hosts/{host}/refresh", "Read a host again and wait for its new inventory",
        answer: .json(API.Host.self), statuses: [409, 503, 504]
    ) { try await $0.refreshHost($1.name) }

    package let examineHost = Endpoint(
        .get, "/v1/hosts/{host}/doctor", "Check a host for what prevents lending its devices, with the exact fixes",
        answer: .json(API.DoctorReport.self)
    ) { try await $0.examineHost($1.name) }

    package let survey = Endpoint(
        .get, "/v1/hosts/{host}/survey",
        "Show what else a host has: platform, USB devices, mediated devices, processes that hold devices",
        answer: .json(API.Survey.self)
    ) { try await $0.survey(host: $1.name) }

    package let usbDevices = Endpoint(
        .get, "/v1/hosts/{host}/usb", "List the USB devices of a host",
        answer: .list(by: { (device: API.USBDevice) in device.id })
    ) { try await $0.survey(host: $1.name).usb }

    package let usbDevice = Endpoint(
        .get, "/v1/hosts/{host}/usb/{port}", "Show a USB device by its port", answer: .json(API.USBDevice.self)
    ) { try await $0.usbDevice($1.part, host: $1.name) }

    package let dropStored = Endpoint(
        .post, "/v1/store/drop",
        "Drop an unreadable stored value, or rebuild it if other values determine it",
        body: .json(example: API.StoredKey(key: "claims/c-7f31")), answer: .change
    ) { try await $0.dropStored($1.body.key, dryRun: $1.dryRun) }
}

extension API {
    /// A key of the store: `claims/c-1`.
    package struct StoredKey: WireRequest, Hashable {
        package var key: String
        package init(key: String) { self.key = key }
    }
}

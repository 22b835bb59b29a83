import PatchbayAPI
import PatchbayCore

/// Makes pages and changes out of what the service says. Knows nothing of HTTP.
struct PageMaker: Sendable {
    let service: any PatchbayService

    /// Devices of every kind.
    ///
    /// - Parameter host: nil: of all hosts.
    func devices(of host: String? = nil) async throws(Problem) -> [API.Device] {
        var devices: [API.Device] = []
        for kind in DeviceKind.allCases {
            devices += try await service.devices(API.DeviceQuery(kind: kind, host: host))
        }
        return devices
    }

    /// Names of pools, for a form that must not fail because a pool is being edited.
    func poolNames() async throws(Problem) -> [String] { try await service.pools().map(\.name) }
}

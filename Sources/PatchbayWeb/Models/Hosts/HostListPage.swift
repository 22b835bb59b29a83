import PatchbayAPI
import PatchbayCore

/// All hosts and whether they are ready.
struct HostListPage: Sendable, Hashable {
    let rows: [HostRow]
    let isEmpty: Bool

    init(_ hosts: [API.Host], devices: [API.Device], now: Int) {
        let byHost = Dictionary(grouping: devices, by: \.host)
        self.rows = hosts.map { HostRow($0, devices: byHost[$0.name] ?? [], now: now) }
        self.isEmpty = hosts.isEmpty
    }
}

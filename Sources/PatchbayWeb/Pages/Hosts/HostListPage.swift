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

struct HostRow: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let readiness: ReadinessMark
    let system: String
    let size: String
    let agent: String
    let isConnected: Bool
    let kinds: [KindCount]
    let findings: [FindingNote]

    init(_ host: API.Host, devices: [API.Device], now: Int) {
        self.id = "host-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.href = Link.host(host.name)
        self.readiness = ReadinessMark(host)
        self.system = HostPage.system(of: host)
        self.size = HostPage.size(of: host)
        self.agent = HostPage.agent(of: host, now: now)
        self.isConnected = host.agent.isConnected
        self.kinds = KindCount.counts(of: devices, filter: "host=\(host.name)")
        self.findings = host.findings.filter { $0.severity > .note }.map(FindingNote.init)
    }
}

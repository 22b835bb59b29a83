import PatchbayAPI
import PatchbayCore

/// A host in the overview of many: one square a device.
struct RackTile: Sendable, Hashable {
    let name: String
    let href: String
    let readiness: ReadinessMark
    let squares: [StateMark]
    let kinds: [KindCount]

    init(_ host: API.Host, devices: [API.Device]) {
        self.name = host.name
        self.href = "/?host=\(Percent.encode(host.name))"
        self.readiness = ReadinessMark(host)
        self.squares = devices.map { StateMark($0.state) }
        self.kinds = KindCount.counts(of: devices, filter: "host=\(host.name)")
    }
}

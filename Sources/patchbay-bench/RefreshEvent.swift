import CPatchbayHost
import PatchbayCore
import PatchbayHost

/// One event as the kernel tells it when a function gets another driver, and what reading after it costs.
final class RefreshEvent {
    /// Directory names below `sys/bus/pci/devices`.
    let functions: Set<String>
    /// Paths that the last refresh opened, looked for or read as links.
    private(set) var lookups = 0

    /// An endpoint in the middle of the host.
    init(_ inventory: Inventory) {
        let endpoints = inventory.functions.filter { !$0.isBridge && $0.role == .plain }
        let middle = endpoints.isEmpty ? nil : endpoints[endpoints.count / 2]
        functions = middle.map { [$0.address.description] } ?? []
    }

    func refresh(_ host: InventoryReader.Result, _ reader: InventoryReader) throws {
        let before = pb_lookups()
        let change = HostChange(functions: functions, parts: [.drivers])
        _ = try reader.refresh(host, after: change)
        lookups = Int(pb_lookups() - before)
    }
}

import PatchbayCore

/// A host's devices as Nova's PCI tracker knows them, ready to be asked for: what Nova's users configure means the same
/// here, and is served by the allotter of every other request.
///
/// Source: OpenStack Nova 34, `nova/pci/stats.py` and `nova/pci/manager.py`, as far as its answers show; see the README of
/// the conformance cases.
struct NovaStock: Sendable {
    /// A device that some `device_spec` matches, and what that gives it.
    struct Device: Hashable, Sendable {
        var device: NovaDevice
        /// nil: no `device_spec` matches it, so it is given to nobody.
        var tags: [String: String?]?
        /// Neither in use nor blocked by what is.
        var isFree: Bool
        /// The resource provider that stands for it, where placement decides.
        var provider: String?

        init(_ device: NovaDevice, tags: [String: String?]?, isFree: Bool, provider: String? = nil) {
            self.device = device
            self.tags = tags
            self.isFree = isFree
            self.provider = provider
        }
    }

    let devices: [Device]
    let shape: HostShape
    let free: UnitSet
    /// What each device is compared by; its number decides in which order it is given away.
    let keys: [[String: String?]]

    /// - Parameter sockets: of each NUMA node; a node that is no key is on no socket anybody knows.
    init(_ devices: [Device], sockets: [NUMANode: [Int]]) {
        let devices = devices.sorted { $0.device.address < $1.device.address }
        self.devices = devices
        shape = HostShape(units: devices.map(\.stockUnit), sockets: sockets)
        free = UnitSet(devices.indices.filter { devices[$0].isFree && devices[$0].tags != nil })
        keys = devices.map(\.keys)
    }

    /// The free devices that suit the request, wherever they are.
    func eligible(for request: NovaWish) -> UnitSet {
        UnitSet(free.filter { request.suits(keys[$0]) && request.hasProvider(devices[$0].provider, in: self) })
    }

    /// One ask, or where placement named providers one for each of them.
    func asks(for request: NovaWish) -> [Ask] {
        let eligible = eligible(for: request)
        guard !request.providers.isEmpty else { return [ask(request, eligible, count: request.count)] }
        return request.countOfProvider.sorted { $0.key < $1.key }.map { provider, count in
            ask(request, UnitSet(eligible.filter { devices[$0].provider == provider }), count: count)
        }
    }

    /// Nova gives away pools with fewer keys first.
    private func ask(_ request: NovaWish, _ eligible: UnitSet, count: Int) -> Ask {
        let byKeys = Dictionary(grouping: eligible) { keys[$0].count }
        return Ask(
            count: count, ranks: byKeys.sorted { $0.key < $1.key }.map { UnitSet($0.value) }, numa: request.numa)
    }
}

extension NovaStock.Device {
    fileprivate var stockUnit: StockUnit {
        let family: StockUnit.Family? =
            switch (device.type, device.parent) {
            case ("type-PF", _): .physical(device.address)
            case (_, let parent?): .virtual(parent)
            case (_, nil): nil
            }
        let card = String((device.parent ?? device.address).description.dropLast(2))
        return StockUnit(members: [device.address.key], node: device.numaNode, family: family, card: card)
    }

    /// Its pool's keys but for node and address. `resource_class` and `traits` are for placement only.
    fileprivate var keys: [String: String?] {
        var keys = tags ?? [:]
        keys["resource_class"] = nil
        keys["traits"] = nil
        keys["vendor_id"] = device.vendor.hex(4)
        keys["product_id"] = device.product.hex(4)
        keys["dev_type"] = device.type
        if device.type != "type-PCI", keys["remote_managed"] == nil { keys["remote_managed"] = "false" }
        return keys
    }
}

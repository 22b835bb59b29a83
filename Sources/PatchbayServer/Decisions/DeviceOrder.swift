import PatchbayAPI
import PatchbayCore

/// How a list of devices is sorted: by a column, or by host and address; equal ones keep that order.
struct DeviceOrder {
    enum Column: String, CaseIterable {
        case device, name, group, numa, driver, state, host
    }

    private var column: Column?
    private var isTurned: Bool

    /// Throws `.malformedInput` for a column that there is none of.
    init(_ text: String?) throws(Problem) {
        let text = text ?? ""
        isTurned = text.hasPrefix("-")
        let name = isTurned ? String(text.dropFirst()) : text
        column = Column(rawValue: name)
        guard column != nil || text.isEmpty else {
            throw Problem(
                .malformedInput, "Devices cannot be sorted by \"\(name)\".",
                next: [
                    NextStep(
                        "Use one of \(Column.allCases.map(\.rawValue).joined(separator: ", ")); a leading - reverses the "
                            + "order.")
                ])
        }
    }

    func sorted(_ devices: [API.Device]) -> [API.Device] {
        guard let column else { return devices }
        let keyed = devices.enumerated().map { (key: Self.key(of: $0.element, column), $0.offset, $0.element) }
        let ordered = keyed.sorted { a, b in
            if a.key == b.key { return a.1 < b.1 }
            return isTurned ? b.key < a.key : a.key < b.key
        }
        return ordered.map(\.2)
    }

    /// Absent values come last; numbers are compared as numbers.
    private static func key(of device: API.Device, _ column: Column) -> Key {
        switch column {
        case .device: Key(text: device.id)
        case .name: Key(text: device.name)
        case .group: Key(number: device.iommuGroup, text: device.host)
        case .numa: Key(number: device.numaNode)
        case .driver: Key(number: device.driver == nil ? nil : 0, text: device.driver ?? "")
        case .state: Key(number: DeviceState.allCases.firstIndex(of: device.state))
        case .host: Key(text: device.host)
        }
    }

    private struct Key: Comparable {
        var number: Int?
        var text: String
        init(number: Int? = 0, text: String = "") {
            self.number = number
            self.text = text
        }
        static func < (a: Key, b: Key) -> Bool { (a.number ?? .max, a.text) < (b.number ?? .max, b.text) }
    }
}

extension Fleet {
    /// - Parameter kind: of all the devices, and of the filter.
    func filtered(_ devices: [API.Device], by filter: DeviceFilter, of kind: DeviceKind) -> [API.Device] {
        let matcher = filter.matcher(for: kind)
        var inventories: [String: Inventory] = [:]
        for host in Set(devices.map(\.host)) { inventories[host] = view(of: host)?.inventoryWithMissing }
        return devices.filter { device in
            guard let key = try? DeviceKey(device.address), let inventory = inventories[device.host],
                let present = inventory[key]
            else { return false }
            let use = DeviceUse(
                host: device.host, state: device.state, pools: device.pools, vm: device.vm, inventory: inventory)
            return matcher.matches(present, used: use)
        }
    }
}

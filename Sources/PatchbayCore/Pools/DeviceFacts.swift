/// A device as conditions see it: its own facts, and what it is used for where that is known.
struct DeviceFacts {
    var function: PCIFunction
    var host: String
    var state: DeviceState?
    var pools: [String] = []
    var vm: String?

    /// The value of a field that compares as a number; nil: the device has none, or the field is text.
    func number(of field: DeviceField) -> Int? {
        switch field {
        case .vendor: Int(function.id.vendor)
        case .device: Int(function.id.device)
        case .id: function.id.number
        case .subsystem: function.subsystem?.number
        case .class: Int(function.deviceClass.code)
        case .revision: function.revision.map(Int.init)
        case .group: function.iommuGroup?.rawValue
        case .numa: function.numaNode?.rawValue
        case .address: function.address.number
        case .slot: function.address.number >> 3
        case .name, .classname, .driver, .role, .host, .topology, .state, .pool, .vm: nil
        }
    }

    /// The field as text; several where it has several values or several ways to be written. Empty: the device has none.
    func texts(of field: DeviceField) -> [String] {
        switch field {
        case .name: [function.name]
        case .vendor: [function.id.vendor.hex(4)]
        case .device: [function.id.device.hex(4)]
        case .id: [function.id.description]
        case .subsystem: one(function.subsystem?.description)
        case .class: [function.deviceClass.description]
        case .classname: one(function.className)
        case .driver: one(function.driver)
        case .address: [function.address.description, function.address.short]
        case .slot: [function.address.description, function.address.short].map { String($0.dropLast(2)) }
        case .group: one(function.iommuGroup?.description)
        case .numa: one(function.numaNode?.description)
        case .revision: one(function.revision?.hex(2))
        case .role: [function.role.word]
        case .host: [host]
        case .topology: [function.topologyPath]
        case .state: one(state?.rawValue)
        case .pool: pools
        case .vm: one(vm)
        }
    }

    private func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
}

extension PCIID {
    var number: Int { Int(vendor) << 16 | Int(device) }
}

/// A device as conditions see it, whatever kind it is of.
protocol DeviceFactSource {
    /// nil: it is no PCI function.
    var function: PCIFunction? { get }
    /// Whether a value of a field that compares as a number is as asked; false where the device has none.
    func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool
    /// The field as text; several where it has several values or several ways to be written. Empty: it has none.
    func texts(of field: DeviceField) -> [String]
}

/// A PCI function as conditions see it: its own facts, and what it is used for where that is known.
struct DeviceFacts: DeviceFactSource {
    let pci: PCIFunction
    var host: String
    var state: DeviceState?
    var pools: [String] = []
    var vm: String?
    /// What the function is part of; nil: nothing is known beside itself.
    var inventory: Inventory?

    var function: PCIFunction? { pci }

    func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool {
        number(of: field).map(isAsked) ?? false
    }

    private func number(of field: DeviceField) -> Int? {
        let function = pci
        return switch field {
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
        case .parent: parent?.number
        case .width: function.details?.link?.width
        case .vfs: if case .physical(let total, _, _) = function.role { total } else { nil }
        case .name, .classname, .driver, .role, .host, .topology, .state, .pool, .vm, .serial, .label, .reset, .pci,
            .short, .alone, .verdict, .use, .port, .product, .speed, .controller:
            nil
        }
    }

    func texts(of field: DeviceField) -> [String] {
        let function = pci
        return switch field {
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
        case .serial: function.details?.serials.map(\.value) ?? []
        case .label: [function.details?.slot?.name, function.details?.slot?.label].compactMap(\.self)
        case .parent: parent.map { [$0.description, $0.short] } ?? []
        case .reset: function.resetMethods.map { $0.isEmpty ? ["none"] : $0 } ?? []
        case .width, .vfs: one(number(of: field).map { "\($0)" })
        case .alone: one(isAlone.map { $0 ? "yes" : "no" })
        case .verdict: one(inventory?.verdict(of: function.address).rawValue)
        case .use: inventory?.hostUses[function.address]?.map(\.reason.rawValue) ?? []
        case .pci, .short, .port, .product, .speed, .controller: []
        }
    }

    private var parent: PCIAddress? {
        if case .virtual(let parent, _) = pci.role { parent } else { nil }
    }

    /// nil: it has no group, or the group is not known.
    private var isAlone: Bool? {
        guard let inventory, let group = pci.iommuGroup.flatMap({ inventory.group($0) }) else { return nil }
        return group.members.allSatisfy { address in
            address == pci.address || inventory[address].map { inventory.staysWithHost($0) } ?? false
        }
    }

    private func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
}

extension PCIID {
    var number: Int { Int(vendor) << 16 | Int(device) }
}

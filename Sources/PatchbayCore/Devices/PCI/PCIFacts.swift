/// A PCI function as conditions see it: its own facts.
package struct PCIFacts: DeviceFactSource {
    let pci: PCIFunction
    let host: String

    package func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool {
        number(of: field).map(isAsked) ?? false
    }

    package func matches(_ patterns: [OpenNebulaPattern]) -> Bool? { patterns.contains { $0.matches(pci) } }

    package func isAt(_ addresses: Set<Int>) -> Bool? { addresses.contains(pci.address.number & 0xffff) }

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
            .short, .alone, .verdict, .use, .port, .product, .speed, .controller, .version:
            nil
        }
    }

    package func texts(of field: DeviceField) -> [String] {
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
        case .serial: function.details?.serials.map(\.value) ?? []
        case .label: [function.details?.slot?.name, function.details?.slot?.label].compactMap(\.self)
        case .parent: parent.map { [$0.description, $0.short] } ?? []
        case .reset: function.resetMethods.map { $0.isEmpty ? ["none"] : $0 } ?? []
        case .width, .vfs: one(number(of: field).map { "\($0)" })
        case .state, .pool, .vm, .alone, .verdict, .use: []
        case .pci, .short, .port, .product, .speed, .controller, .version: []
        }
    }

    private var parent: PCIAddress? {
        if case .virtual(let parent, _) = pci.role { parent } else { nil }
    }

    private func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
}

extension PCIID {
    var number: Int { Int(vendor) << 16 | Int(device) }
}

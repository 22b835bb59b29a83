import PatchbayCore

/// Devices near a cell of the guest: a PCI function has the NUMA node of its root bus, so each cell gets a root bus.
///
/// Format: libvirt.org, "Domain XML format", controllers: `pcie-expander-bus` with `<node>`, below it root ports.
extension DomainDefinition {
    /// Only these machines have expander buses.
    var hasExpressBus: Bool { domain.first("os")?.first("type")?["machine"]?.contains("q35") ?? false }

    /// A bus for each cell that has devices, a port on it for each device, the device behind that.
    func busEdits(_ devices: [[PCIAddress]]) -> [Edit] {
        guard let parent = domain.first("devices") else { return [] }
        let present = Dictionary(assignments.map { ($0.key, $0.element) }, uniquingKeysWith: { first, _ in first })
        let wanted = devices.map { $0.compactMap { present[$0.key] }.filter { $0.name == "hostdev" } }
        // Numbers of the guest's buses, from the top: each bus and what is plugged in below it, with as much again to spare.
        let spare = wanted.reduce(0) { $0 + 2 * $1.count + 1 } <= 192 ? 2 : 1
        var (index, number) = (pciControllers.compactMap { $0["index"].flatMap { Int($0) } }.max() ?? 0, 256)
        var (controllers, edits): (String, [Edit]) = ("", [])
        for (cell, elements) in wanted.enumerated() where !elements.isEmpty && elements.count <= 32 {
            index += 1
            number -= 1 + spare * elements.count
            let bus = index
            guard number > 0, index + elements.count <= 255 else { break }
            controllers += """
                <controller type='pci' index='\(bus)' model='pcie-expander-bus'><target busNr='\(number)'>\
                <node>\(cell)</node></target></controller>
                """
            for (slot, element) in elements.enumerated() {
                index += 1
                let address = Self.guestAddress(bus: bus, slot: slot)
                controllers += "<controller type='pci' index='\(index)' model='pcie-root-port'>\(address)</controller>"
                edits += element.elements("address").map { .remove($0) }
                edits.append(.insert(Self.guestAddress(bus: index, slot: 0), into: element))
            }
        }
        return controllers.isEmpty ? [] : edits + [.insert(controllers, into: parent)]
    }

    /// Such buses, the ports on them, and that something is behind those.
    var busRemovals: [Edit] {
        let buses = pciControllers.filter { $0["model"] == "pcie-expander-bus" }
        guard !buses.isEmpty else { return [] }
        let ports = pciControllers.filter { port in buses.contains { Self.is(port, behind: $0) } }
        let behind = domain.elements("devices").flatMap(\.children).filter { element in
            ports.contains { Self.is(element, behind: $0) }
        }
        return (buses + ports).map { .remove($0) } + behind.flatMap { $0.elements("address").map { .remove($0) } }
    }

    private var pciControllers: [XMLTree] {
        domain.elements("devices").flatMap { $0.elements("controller") }.filter { $0["type"] == "pci" }
    }

    /// `bus` of an address is the index of a controller.
    private static func `is`(_ element: XMLTree, behind controller: XMLTree) -> Bool {
        guard let index = controller["index"].flatMap({ Int($0) }),
            let bus = element.elements("address").first(where: { $0["type"] == "pci" })?["bus"]
        else { return false }
        return (bus.hasPrefix("0x") ? Int(bus.dropFirst(2), radix: 16) : Int(bus)) == index
    }

    private static func guestAddress(bus: Int, slot: Int) -> String {
        "<address type='pci' domain='0x0000' bus='0x\(UInt8(bus).hex(2))' slot='0x\(UInt8(slot).hex(2))' function='0x0'/>"
    }
}

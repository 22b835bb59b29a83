@testable import PatchbayCore

/// A host with disks in slots, a graphics card of two functions and keys in the ports of a USB controller: what is plugged in
/// where, and how the kernel counted it this time.
struct Bay {
    static let name = "atlas"
    static let controller = key("00:14.0").pci!

    private(set) var inventory = Inventory(
        host: HostFacts(name: name), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
        functions: [], groups: [])

    init(_ make: (inout Bay) -> Void) {
        plug("00:14.0", at: "pci0000:00/14.0", class: 0x0c0330, model: 0x8086_a36d, group: 1)
        make(&self)
        inventory = inventory.inOrder
    }

    static func key(_ text: String) -> DeviceKey { try! DeviceKey(text) }

    /// An NVMe disk in a slot.
    mutating func disk(_ address: String, slot: Int, serial: String? = nil, group: Int? = nil) {
        plug(
            address, at: "pci0000:00/0\(slot).0/00.0", class: 0x010802, model: 0x144d_a808, group: group ?? slot,
            serial: serial)
    }

    /// One function of the graphics card.
    mutating func graphics(_ address: String, slot: Int, function: Int, group: Int) {
        plug(
            address, at: "pci0000:00/0\(slot).0/00.\(function)", class: function == 0 ? 0x030000 : 0x040300,
            model: function == 0 ? 0x10de_27b2 : 0x10de_22bc, group: group)
    }

    /// A USB key.
    mutating func key(_ port: String, model: UInt16 = 0x0407, serial: String? = nil, class code: UInt8 = 0x0b) {
        inventory.usb.append(
            USBDevice(
                address: USBAddress(kernelName: port)!, port: USBPort(controller: Self.controller), deviceNumber: 2,
                vendor: 0x1050, product: model, serial: serial, isSerialUnique: serial != nil,
                interfaces: [USBInterface(number: 0, interfaceClass: code)]))
    }

    mutating func plug(
        _ address: String, at place: String, class code: UInt32, model: UInt32, group: Int, serial: String? = nil
    ) {
        let address = Self.key(address).pci!
        inventory.functions.append(
            PCIFunction(
                address: address, id: PCIID(vendor: UInt16(model >> 16), device: UInt16(model & 0xffff)),
                deviceClass: PCIClass(code), driver: nil, iommuGroup: IOMMUGroupID(group), resetMethods: ["flr"],
                topologyPath: place,
                details: serial.map { PCIDetails(serials: [DeviceSerial(.nvme, $0)]) }))
        if let index = inventory.groups.firstIndex(where: { $0.id == IOMMUGroupID(group) }) {
            inventory.groups[index].members.append(address)
        } else {
            inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(group), members: [address]))
        }
    }

    /// What a VM knows of a device that is there.
    func known(_ request: String, _ key: String, pool: String? = nil) -> KnownDevice {
        let key = Self.key(key)
        return KnownDevice(
            request: request, pool: pool, device: key, identity: inventory.identity(of: key)!,
            keepsData: inventory[key]!.keepsData, mates: inventory.mates(of: key)?.map(\.name))
    }

    /// A rule that is made from a device that is there.
    func rule(_ key: String) -> Rule {
        let device = inventory[Self.key(key)]!
        var rule = Rule.made(from: device, on: Self.name)
        rule.identity = device.identity(in: inventory)
        return rule
    }

    func view(_ pools: [Pool], knowing known: [KnownDevice] = []) -> HostView {
        var usage = Usage(pools: pools)
        usage.known["one"] = known
        return HostView(inventory: inventory, usage: usage)
    }
}

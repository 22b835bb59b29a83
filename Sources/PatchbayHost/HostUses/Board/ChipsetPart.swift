import PatchbayCore

/// Functions that belong to the processor, the chipset or the board itself and are never given away.
///
/// By what they are, not by class alone: a card in a slot may have any class, and the registers of a processor hide behind
/// the class of its DMA engines. Class codes from the PCI Code and ID Assignment Specification 1.15; ids from `pci.ids`;
/// the list of what a host cannot miss is ours.
struct ChipsetPart {
    /// Who made the root complex: by its host bridges, and those who make nothing that is plugged into a root bus.
    private let makers: Set<UInt16>
    /// Places of the devices that are ports of a switch, without the function: `pci0000:00/02.0/00`.
    private let switches: Set<Substring>

    init(of inventory: Inventory) {
        var makers = Self.processorMakers
        var switches: Set<Substring> = []
        // By their places: a copy of each function would cost more than the rest.
        let functions = inventory.functions.span
        for index in functions.indices {
            if functions[index].deviceClass.baseAndSub == 0x0600 { makers.insert(functions[index].id.vendor) }
            guard functions[index].isBridge, Self.place(of: functions[index].topologyPath) == .slot else { continue }
            switches.insert(functions[index].topologyPath.dropLast(2))
        }
        self.makers = makers
        self.switches = switches
    }

    /// nil: an ordinary device. Otherwise what it is, in words.
    func name(of function: PCIFunction) -> String? {
        let code = function.deviceClass.baseAndSub
        switch code {
        case 0x0600: return "host bridge"
        case 0x0601: return "ISA bridge"
        case 0x0602...0x0604, 0x0607: return "bus bridge"
        case 0x0806: return "IOMMU"
        case 0x0807: return "event collector of the root complex"
        default: break
        }
        guard Self.bases.contains(function.deviceClass.base), !Accelerator.isKnown(function) else { return nil }
        // Only ports and what collects errors for them have this driver.
        if function.driver == "pcieport" { return "event collector of the root complex" }
        switch Self.place(of: function.topologyPath) {
        case .slot: return nameBehindPort(function, code)
        case .rootBus, .unknown: return nameOnRootBus(function, code)
        }
    }

    /// Base classes in which anything but a device to lend can be: all others are ordinary, and not looked at twice.
    private static let bases: Set<UInt8> = [0x01, 0x05, 0x06, 0x07, 0x08, 0x0c, 0x11, 0x13, 0xff]
    /// Base classes of the functions by which a switch is managed.
    private static let managing: Set<UInt8> = [0x05, 0x06, 0x08, 0x11, 0x13, 0xff]
    /// Endpoints behind a port of their own by which Broadcom's switches are managed, in servers with many GPUs or NVMe disks.
    private static let switchEndpoints: Set<PCIID> = Set(
        [0x00b2, 0x02b0, 0x02b1, 0x02b2].map { PCIID(vendor: 0x1000, device: $0) })
    private static let intel: UInt16 = 0x8086
    private static let amd: Set<UInt16> = [0x1022, 0x1d94]
    /// Intel, AMD, Hygon, Zhaoxin, IBM.
    private static let processorMakers: Set<UInt16> = [intel, 0x1022, 0x1d94, 0x1d17, 0x1014]
    /// Xilinx, Altera, Lattice: FPGA cards, whose makers chose no better class.
    private static let programmableVendors: Set<UInt16> = [0x10ee, 0x1172, 0x1204]
}

extension ChipsetPart {
    private enum Place {
        case rootBus
        /// Below a port: in a slot, soldered behind one, or a device of the processor behind a port of its own.
        case slot
        /// The tree does not show it: taken for the root bus.
        case unknown
    }

    private static func place(of path: String) -> Place {
        let parts = path.split(separator: "/")
        guard parts.count > 1 else { return .unknown }
        return parts[parts.count - 2].hasPrefix("pci") ? .rootBus : .slot
    }

    private func nameBehindPort(_ function: PCIFunction, _ code: UInt16) -> String? {
        if Self.switchEndpoints.contains(function.id) { return "part of a PCI Express switch" }
        // The controllers of a chipset behind a port (USB, SATA) are beside its switch, too, and are devices of their own.
        let mayManage = Self.managing.contains(function.deviceClass.base)
        if mayManage, switches.contains(function.topologyPath.dropLast(2)) { return "part of a PCI Express switch" }
        // AMD puts its own devices behind ports without a slot. It makes no cards of these classes.
        guard Self.amd.contains(function.id.vendor) else { return nil }
        return switch code {
        case 0x0500, 0x0580, 0x0800...0x08ff, 0x0c05, 0x1100...0x11ff: "part of the processor"
        case 0x1300...0x13ff: "function without a purpose of the processor"
        default: nil
        }
    }

    private func nameOnRootBus(_ function: PCIFunction, _ code: UInt16) -> String? {
        let vendor = function.id.vendor
        switch code {
        case 0x0500, 0x0580: return Self.programmableVendors.contains(vendor) ? nil : "memory controller"
        case 0x0800...0x0805: return "system peripheral"
        case 0x0c05: return "SMBus controller"
        default: break
        }
        guard makers.contains(vendor) else { return nil }
        switch code {
        case 0x0605...0x06ff: return "bridge of the chipset"
        case 0x0808...0x08ff: return "registers of the processor or chipset"
        case 0x1100...0x11ff: return "chipset sensor or counter"
        case 0x1300...0x13ff: return "instrumentation of the processor or chipset"
        default: return vendor == Self.intel ? nameByIntel(function, code) : nil
        }
    }

    private func nameByIntel(_ function: PCIFunction, _ code: UInt16) -> String? {
        switch code {
        // The class of everything that communicates and is nothing else.
        case 0x0780: "management engine interface"
        case 0x0700...0x0703: "serial port of the chipset"
        // Redirected disks and consoles of the management engine are functions of its device.
        case 0x0101: function.topologyPath.hasPrefix("pci0000:00/16.") ? "management engine interface" : nil
        // The firmware's flash memory is on one of them, touchpads and sensors are on others.
        case 0x0c80: "serial bus of the chipset"
        case 0xff00...0xffff: "registers of the processor or chipset"
        default: nil
        }
    }
}

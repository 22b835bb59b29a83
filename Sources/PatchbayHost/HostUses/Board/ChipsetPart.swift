import PatchbayCore

/// Functions that belong to the board itself and are never given away.
///
/// Class codes from the PCI Code and ID Assignment Specification 1.15; the list of what a host cannot miss is ours.
enum ChipsetPart {
    /// nil: an ordinary device. Otherwise what it is, in words.
    static func name(of function: PCIFunction) -> String? {
        let vendor = function.id.vendor
        return switch function.deviceClass.baseAndSub {
        // Accelerators whose maker chose no better class.
        case 0x0500, 0x0580: programmableVendors.contains(vendor) ? nil : "memory controller"
        case 0x0600: "host bridge"
        case 0x0601: "ISA bridge"
        case 0x0602...0x0604, 0x0607: "bus bridge"
        // The class of everything that communicates and is nothing else: only the chipset's own is the engine.
        case 0x0780: vendor == intel ? "management engine interface" : nil
        case 0x0800...0x0806: "system peripheral"
        case 0x0c05: "SMBus controller"
        case 0x1101, 0x1180: "chipset sensor or counter"
        default: nil
        }
    }

    private static let intel: UInt16 = 0x8086
    /// Xilinx, Altera, Lattice: FPGA cards.
    private static let programmableVendors: Set<UInt16> = [0x10ee, 0x1172, 0x1204]
}

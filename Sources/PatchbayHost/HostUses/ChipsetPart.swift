import PatchbayCore

/// Functions that belong to the board itself and are never given away.
///
/// Class codes from the PCI Code and ID Assignment Specification 1.15; the list of what a host cannot miss is ours.
enum ChipsetPart {
    /// nil: an ordinary device. Otherwise what it is, in words.
    static func name(of function: PCIFunction) -> String? {
        if let name = managementControllers[function.id] { return name }
        return switch function.deviceClass.baseAndSub {
        case 0x0500, 0x0580: "memory controller"
        case 0x0600: "host bridge"
        case 0x0601: "ISA bridge"
        case 0x0602...0x0604, 0x0607: "bus bridge"
        case 0x0780: "management engine interface"
        case 0x0800...0x0806: "system peripheral"
        case 0x0c05: "SMBus controller"
        case 0x0c07: "IPMI interface"
        case 0x1101, 0x1180: "chipset sensor or counter"
        default: nil
        }
    }

    /// Graphics of server management controllers: the remote console is on them. Ids from `pci.ids`.
    private static let managementControllers: [PCIID: String] = {
        let aspeed = [(0x1a03, 0x2000)]
        let matrox = [0x0522, 0x0524, 0x0530, 0x0532, 0x0533, 0x0534, 0x0536, 0x0538].map { (0x102b, $0) }
        let hpe = [(0x103c, 0x3306), (0x103c, 0x3307)]
        let ids = (aspeed + matrox + hpe).map { PCIID(vendor: UInt16($0.0), device: UInt16($0.1)) }
        return Dictionary(uniqueKeysWithValues: ids.map { ($0, "management controller") })
    }()
}

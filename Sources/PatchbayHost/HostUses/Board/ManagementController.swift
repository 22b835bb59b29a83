import PatchbayCore

/// Functions of a server's management controller (BMC): the remote console and the sensors are on them.
enum ManagementController {
    /// nil: no part of one. Otherwise what it is, in words.
    static func name(of function: PCIFunction) -> String? {
        if function.deviceClass.baseAndSub == 0x0c07 { return "IPMI interface" }
        return names[function.id]
    }

    /// Ids and names from `pci.ids`.
    private static let names: [PCIID: String] = {
        let displays =
            [(0x1a03, 0x2000), (0x19e5, 0x1711), (0x18ca, 0x0020), (0x18ca, 0x0021)]
            + [0x0522, 0x0524, 0x0530, 0x0532, 0x0533, 0x0534, 0x0536, 0x0538].map { (0x102b, $0) }
        let lightsOut =
            [0x22f6, 0x3300, 0x3301, 0x3302, 0x3305, 0x3306, 0x3307, 0x3308].map { (0x103c, $0) } + [(0x1590, 0x22f6)]
        var names: [PCIID: String] = [:]
        for (vendor, device) in displays {
            names[PCIID(vendor: UInt16(vendor), device: UInt16(device))] = "picture of the management controller"
        }
        for (vendor, device) in lightsOut {
            names[PCIID(vendor: UInt16(vendor), device: UInt16(device))] = "Integrated Lights-Out"
        }
        return names
    }()
}

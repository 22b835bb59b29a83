import PatchbayCore

/// Devices of the processor that do work for whoever has them, although they look like its registers: DMA engines, stream
/// accelerators, neural processors. They are lent like cards.
enum Accelerator {
    static func isKnown(_ function: PCIFunction) -> Bool {
        if let driver = function.driver, drivers.contains(driver) { return true }
        switch function.id.vendor {
        case 0x8086: return intel.contains(function.id.device)
        case 0x1022, 0x1d94: return amd.contains(function.id.device)
        default: return false
        }
    }

    private static let drivers: Set<String> = [
        "ioatdma", "idxd", "dlb2", "gna", "intel_gna", "intel_vpu", "amdxdna", "ptdma", "ae4dma", "sdxi", "hisi_dma",
    ]

    /// QuickData (CBDMA) by generation, then stream and analytics accelerators, load balancers, neural accelerators.
    /// Source: `drivers/dma/ioat/hw.h`, `drivers/dma/idxd/registers.h`, `pci.ids`.
    private static let intel: Set<UInt16> = {
        let ranges: [ClosedRange<UInt16>] = [
            0x3429...0x342c, 0x3430...0x3433, 0x3710...0x3719, 0x3c20...0x3c27, 0x3c2e...0x3c2f, 0x0e20...0x0e27,
            0x0e2e...0x0e2f, 0x2f20...0x2f27, 0x2f2e...0x2f2f, 0x0c50...0x0c53, 0x6f50...0x6f53, 0x6f20...0x6f27,
            0x6f2e...0x6f2f,
        ]
        let single: [UInt16] = [
            0x1a38, 0x360b, 0x65ff, 0x402f, 0x2021, 0x0b00, 0x0b25, 0x11fb, 0x1212, 0x0cfe, 0x1216, 0xb02d, 0xfd2d,
            0x2710, 0x2711, 0x2714, 0x2715, 0x3190, 0x5a11, 0x4511, 0x8a11, 0x4e11, 0x9a11, 0x4c11, 0x464f, 0xa74f,
            0x7e4c,
        ]
        return Set(ranges.joined()).union(single)
    }()

    /// Neural processors (class 1180), the smart data accelerator, the pass-through DMA engine.
    private static let amd: Set<UInt16> = [0x1502, 0x17f0, 0x14dc, 0x1498]
}

extension FirmwareMenu {
    /// What any setup may call them.
    static let generic = FirmwareMenu(
        vendor: nil, key: "Del, F2, F10 or Esc",
        intelVirtualization: "Intel Virtualization Technology, VT-x, VMX, Virtualization",
        intelIOMMU:
            "VT-d, Intel VT for Directed I/O, PCI passthrough, PCIe virtualization, I/O virtualization, DMA remapping",
        amdVirtualization: "SVM Mode, AMD-V, Secure Virtual Machine, Virtualization",
        amdIOMMU: "IOMMU, AMD-Vi, AMD I/O Virtualization, PCI passthrough, PCIe virtualization, DMA remapping",
        largeBARs: "Above 4G Decoding, Memory Mapped I/O above 4GB, 64-bit MMIO, Resizable BAR")

    /// By how a vendor's name begins in DMI, lower case. The first row that fits counts.
    static let table: [(marks: [String], menu: FirmwareMenu)] = [
        (
            ["dell"],
            FirmwareMenu(
                vendor: "Dell", key: "F2",
                intelVirtualization: "System BIOS > Processor Settings > Virtualization Technology",
                intelIOMMU: "System BIOS > Processor Settings > Virtualization Technology (it turns on VT-d, too);"
                    + " on desktops Virtualization Support > VT for Direct I/O",
                amdVirtualization: "System BIOS > Processor Settings > Virtualization Technology",
                amdIOMMU: "System BIOS > Processor Settings > IOMMU Support",
                largeBARs: "System BIOS > Integrated Devices > Memory Mapped I/O above 4GB, SR-IOV Global Enable")
        ),
        (
            ["hewlett packard enterprise", "hpe"],
            FirmwareMenu(
                vendor: "HPE", key: "F9",
                intelVirtualization: "BIOS/Platform Configuration (RBSU) > Virtualization Options >"
                    + " Intel(R) Virtualization Technology (Intel VT)",
                intelIOMMU: "BIOS/Platform Configuration (RBSU) > Virtualization Options > Intel(R) VT-d",
                amdVirtualization:
                    "BIOS/Platform Configuration (RBSU) > Virtualization Options > AMD Virtualization Technology",
                amdIOMMU:
                    "BIOS/Platform Configuration (RBSU) > Virtualization Options > AMD I/O Virtualization Technology",
                largeBARs:
                    "BIOS/Platform Configuration (RBSU) > PCIe Device Configuration > PCI Express 64-bit BAR Support,"
                    + " Virtualization Options > SR-IOV")
        ),
        (
            ["hp", "hewlett-packard"],
            FirmwareMenu(
                vendor: "HP", key: "F10",
                intelVirtualization: "Security > System Security > Virtualization Technology (VTx)",
                intelIOMMU: "Security > System Security > Virtualization Technology for Directed I/O (VTd)",
                amdVirtualization: "Security > System Security > SVM CPU Virtualization",
                amdIOMMU: "Security > System Security > DMA Protection, IOMMU",
                largeBARs: "Advanced > System Options > PCI 64-bit BAR, Above 4G Decoding")
        ),
        (
            ["lenovo", "ibm"],
            FirmwareMenu(
                vendor: "Lenovo", key: "F1",
                intelVirtualization: "System Settings > Processors > Intel Virtualization Technology;"
                    + " on PCs Security > Virtualization > Intel Virtualization Technology",
                intelIOMMU: "System Settings > Devices and I/O Ports > Intel VT for Directed I/O (VT-d);"
                    + " on PCs Security > Virtualization > Intel VT-d Feature",
                amdVirtualization: "System Settings > Processors > SVM Mode;"
                    + " on PCs Security > Virtualization > AMD-V Technology",
                amdIOMMU: "System Settings > Devices and I/O Ports > IOMMU; on PCs Security > Virtualization > IOMMU",
                largeBARs:
                    "System Settings > Devices and I/O Ports > PCI 64-Bit Resource Allocation, MM Config Base, SR-IOV")
        ),
        (
            ["supermicro", "super micro"],
            FirmwareMenu(
                vendor: "Supermicro", key: "Del",
                intelVirtualization: "Advanced > CPU Configuration > Intel Virtualization Technology (VMX)",
                intelIOMMU: "Advanced > Chipset Configuration > North Bridge > IIO Configuration >"
                    + " Intel VT for Directed I/O (VT-d)",
                amdVirtualization: "Advanced > CPU Configuration > SVM Mode",
                amdIOMMU: "Advanced > NB Configuration > IOMMU",
                largeBARs:
                    "Advanced > PCIe/PCI/PnP Configuration > Above 4G Decoding, SR-IOV Support, Re-Size BAR Support")
        ),
        (
            ["asus"],
            FirmwareMenu(
                vendor: "ASUS", key: "Del or F2",
                intelVirtualization: "Advanced > CPU Configuration > Intel (VMX) Virtualization Technology",
                intelIOMMU: "Advanced > System Agent (SA) Configuration > VT-d",
                amdVirtualization: "Advanced > CPU Configuration > SVM Mode",
                amdIOMMU: "Advanced > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Advanced > PCI Subsystem Settings > Above 4G Decoding, Re-Size BAR Support, SR-IOV Support")
        ),
        (
            ["gigabyte", "giga-byte"],
            FirmwareMenu(
                vendor: "Gigabyte", key: "Del",
                intelVirtualization: "Tweaker > Advanced CPU Settings > Intel(R) Virtualization Technology (VMX)",
                intelIOMMU: "Settings > Miscellaneous > VT-d; on older boards Chipset > VT-d",
                amdVirtualization: "Tweaker > Advanced CPU Settings > SVM Mode",
                amdIOMMU: "Settings > Miscellaneous > IOMMU; also Settings > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Settings > IO Ports > Above 4G Decoding, Re-Size BAR Support, SR-IOV Support")
        ),
        (
            ["micro-star", "msi"],
            FirmwareMenu(
                vendor: "MSI", key: "Del",
                intelVirtualization: "OC > CPU Features > Intel Virtualization Tech",
                intelIOMMU: "OC > CPU Features > Intel VT-D Tech",
                amdVirtualization: "OC > CPU Features > SVM Mode",
                amdIOMMU: "OC > Advanced CPU Configuration > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Settings > Advanced > PCIe Sub-system Settings > Above 4G memory, Re-Size BAR Support")
        ),
        (
            ["asrock"],
            FirmwareMenu(
                vendor: "ASRock", key: "F2 or Del",
                intelVirtualization: "Advanced > CPU Configuration > Intel Virtualization Technology",
                intelIOMMU: "Advanced > Chipset Configuration > VT-d",
                amdVirtualization: "Advanced > CPU Configuration > SVM Mode",
                amdIOMMU: "Advanced > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Advanced > PCI Configuration > Above 4G Decoding, Re-Size BAR Support, SR-IOV Support")
        ),
        (
            ["intel"],
            FirmwareMenu(
                vendor: "Intel boards", key: "F2",
                intelVirtualization: "Advanced > Processor Configuration > Intel(R) Virtualization Technology;"
                    + " on NUCs Security > Security Features > Intel Virtualization Technology",
                intelIOMMU: "Advanced > Integrated IO Configuration > Intel(R) VT for Directed I/O;"
                    + " on NUCs Security > Security Features > Intel VT for Directed I/O",
                amdVirtualization: "SVM Mode", amdIOMMU: "IOMMU",
                largeBARs: "Advanced > PCI Configuration > Memory Mapped I/O above 4 GB, SR-IOV Support")
        ),
        (
            ["fujitsu"],
            FirmwareMenu(
                vendor: "Fujitsu", key: "F2",
                intelVirtualization: "Advanced > CPU Configuration > Intel Virtualization Technology",
                intelIOMMU: "Advanced > CPU Configuration > VT-d",
                amdVirtualization: "Advanced > CPU Configuration > SVM Mode",
                amdIOMMU: "Advanced > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Advanced > PCI Subsystem Settings > Above 4G Decoding, SR-IOV Support")
        ),
        (
            ["cisco"],
            FirmwareMenu(
                vendor: "Cisco UCS", key: "F2",
                intelVirtualization: "Advanced > Processor Configuration > Intel(R) VT",
                intelIOMMU: "Advanced > IO Configuration > Intel(R) VT-d, Interrupt Remapping",
                amdVirtualization: "Advanced > Processor Configuration > SVM Mode",
                amdIOMMU: "Advanced > IO Configuration > IOMMU",
                largeBARs: "Advanced > PCI Configuration > Memory Mapped IO Above 4GB, SR-IOV Support")
        ),
        (
            ["framework", "insyde"],
            FirmwareMenu(
                vendor: "InsydeH2O firmware", key: "F2",
                intelVirtualization: "Advanced or Configuration > Intel Virtual Technology, VT-x",
                intelIOMMU: "Advanced or Configuration > VT-d, Intel VT for Directed I/O",
                amdVirtualization: "Advanced or Configuration > SVM Mode, AMD SVM Support",
                amdIOMMU: "Advanced or Configuration > IOMMU", largeBARs: "Advanced > Above 4G Decoding, Re-Size BAR")
        ),
        (
            ["american megatrends", "ami"],
            FirmwareMenu(
                vendor: "AMI Aptio firmware", key: "Del or F2",
                intelVirtualization: "Advanced > CPU Configuration > Intel Virtualization Technology (VMX)",
                intelIOMMU: "Chipset > System Agent (SA) Configuration > VT-d; on servers IIO Configuration >"
                    + " Intel VT for Directed I/O (VT-d)",
                amdVirtualization: "Advanced > CPU Configuration > SVM Mode",
                amdIOMMU: "Advanced > AMD CBS > NBIO Common Options > IOMMU",
                largeBARs: "Advanced > PCI Subsystem Settings > Above 4G Decoding, SR-IOV Support, Re-Size BAR Support")
        ),
    ]
}

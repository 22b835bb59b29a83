import PatchbayCore

extension HostSurvey {
    /// Two sockets, a card that can be cut up.
    static let demo = HostSurvey(
        platform: HostPlatform(
            numaCells: [
                NUMACell(
                    node: NUMANode(0), cpus: Array(0..<32), sockets: [0], memoryMiB: 262_144, freeMiB: 65_536,
                    hugepages: [HugepagePool(sizeKiB: 1_048_576, total: 32, free: 16)], distances: [10, 21]),
                NUMACell(
                    node: NUMANode(1), cpus: Array(32..<64), sockets: [1], memoryMiB: 262_144, freeMiB: 131_072,
                    distances: [21, 10]),
            ],
            cpu: CPULayout(
                vendor: "GenuineIntel", model: "Intel Xeon Gold 6338", sockets: 2, cores: 64, threads: 64,
                isolated: [4, 5, 6, 7], hasVirtualization: true, isGuest: false),
            firmware: FirmwareFacts(systemVendor: "Supermicro", productName: "SYS-420GP", biosVersion: "1.4"),
            boot: BootFacts(
                distribution: "debian", loader: .grub, configurationFile: "/etc/default/grub",
                configured: ["quiet", "intel_iommu=on", "iommu=pt"], running: ["quiet", "intel_iommu=on"], isUEFI: true,
                isSecureBoot: false, lockdown: "none"),
            iommu: IOMMUFacts(
                firmwareTables: ["DMAR"], units: ["dmar0", "dmar1"], groupCount: 61, hasInterruptRemapping: true,
                allowsUnsafeInterrupts: false),
            vfio: VFIOFacts(loaded: ["vfio", "vfio_pci"], hasIOMMUFD: true),
            software: SoftwareFacts(
                qemu: SoftwareVersion(7, 2), libvirt: SoftwareVersion(9, 0),
                guestFirmware: ["/usr/share/OVMF/OVMF_CODE.fd"], lockableBytes: -1),
            units: ["libvirtd.service": "active"]),
        mediatedParents: [
            MediatedParent(
                address: address("0000:41:00.0"), kind: .mdev,
                types: [
                    MediatedType(id: "nvidia-474", name: "NVIDIA A100-10C", available: 4),
                    MediatedType(id: "nvidia-475", name: "NVIDIA A100-20C", available: 0),
                ])
        ])

    private static func address(_ text: String) -> PCIAddress { try! PCIAddress(text) }
}

extension PCIFunction {
    /// The driver that hands functions to user space. Variants of it do the same for one model.
    package static let vfioDriver = "vfio-pci"

    /// True for vfio-pci and its variants (`mlx5_vfio_pci`, `nvgrace_gpu_vfio_pci`), whoever bound it.
    package var isOnVFIO: Bool { driver.map(Self.isVFIO) ?? false }

    package static func isVFIO(_ driver: String) -> Bool { driver.contains("vfio") && driver.contains("pci") }
}

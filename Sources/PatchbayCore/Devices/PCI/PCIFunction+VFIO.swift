extension PCIFunction {
    /// The driver that hands functions to user space. Variants of it do the same for one model.
    package static let vfioDriver = "vfio-pci"

    /// True for vfio-pci and its variants (`mlx5_vfio_pci`, `nvgrace_gpu_vfio_pci`), whoever bound it.
    package var isOnVFIO: Bool { driver.map(Self.isVFIO) ?? false }

    /// Asked of every function several times a reading, so without a search of the library's.
    package static func isVFIO(_ driver: String) -> Bool {
        driver == vfioDriver || has("vfio", in: driver) && has("pci", in: driver)
    }

    private static func has(_ word: String, in driver: String) -> Bool {
        let text = driver.utf8
        return text.indices.contains { text[$0] == word.utf8.first && text[$0...].starts(with: word.utf8) }
    }
}

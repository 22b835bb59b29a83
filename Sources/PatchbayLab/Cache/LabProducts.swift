/// What the cache holds once it is complete: kernels, the emulator, and the programs built for hosts and guests.
package struct LabProducts: Hashable, Sendable {
    package var qemu: String
    /// Directories for `-L`, searched in this order.
    package var qemuData: [String]
    /// For `QEMU_MODULE_DIR`.
    package var qemuModules: String
    /// An unpacked kernel package: `boot/`, `lib/modules/VERSION/`.
    package var kernelTree: String
    package var hostKernel: String
    package var hostInitramfs: String
    /// Copied into every host's share, as `lab/NAME` and `guests/NAME`.
    package var tools: [String: String]
    package var guests: [String: String]
}

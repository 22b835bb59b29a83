import PatchbayCore

/// Where the firmware's picture is in memory, by `proc/iomem`: the card whose BAR holds it shows the console, also on
/// boards that have no `boot_vga`.
struct BootFramebuffer {
    /// As the drivers that use it call their claim.
    var name: String
    var start: UInt64

    /// `  e0000000-e02fffff : BOOTFB`. Without privileges the kernel prints only zeros: then nothing is known.
    static func all(in tree: HostTree) -> [BootFramebuffer] {
        (tree.text(SysfsPath.memoryMap) ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks }
            guard parts.count == 2, names.contains(String(parts[1])), let dash = parts[0].firstIndex(of: "-"),
                let start = UInt64(parts[0][..<dash], radix: 16), start > 0
            else { return nil }
            return BootFramebuffer(name: String(parts[1]), start: start)
        }
    }

    private static let names: Set<String> = ["BOOTFB", "simpledrm", "simplefb", "efifb", "vesafb"]

    func lies(in function: PCIFunction) -> Bool {
        function.deviceClass.isDisplay
            && function.bars.contains { $0.kind != .io && $0.start <= start && start - $0.start < $0.size }
    }
}

/// A host under examination: its inventory with what several checks ask of it, worked out once.
struct Patient: Sendable {
    let inventory: Inventory
    /// Empty facts where only the surface was read.
    let platform: HostPlatform
    let hasSurvey: Bool
    /// Functions that are no bridges, by address.
    let endpoints: [PCIFunction]
    /// Of those, what could be handed over now.
    let lendable: [PCIFunction]
    /// Of those, what the host does not need to stay alive: what people may want to lend.
    let candidates: [PCIFunction]
    let recipe: BootRecipe
    let menu: FirmwareMenu

    init(_ inventory: Inventory) {
        self.inventory = inventory
        platform = inventory.survey?.platform ?? HostPlatform()
        hasSurvey = inventory.survey != nil
        endpoints = inventory.functions.filter { !$0.isBridge }
        let view = HostView(inventory: inventory, usage: Usage())
        lendable = endpoints.filter { view.state(of: $0.key).state == .free }
        candidates = endpoints.filter { inventory.verdict(of: $0.address) != .critical }
        recipe = BootRecipe(platform.boot)
        menu = FirmwareMenu.of(platform.firmware)
    }

    enum Maker { case intel, amd, arm }

    /// By the processor, else by the firmware's table, else by the chipset. nil: cannot be told.
    var maker: Maker? {
        switch platform.cpu.vendor {
        case "GenuineIntel": return .intel
        case "AuthenticAMD", "HygonGenuine": return .amd
        case let vendor? where vendor.hasPrefix("ARM"): return .arm
        default: break
        }
        let tables = platform.iommu.firmwareTables
        if tables.contains("DMAR") { return .intel }
        if tables.contains("IVRS") { return .amd }
        if tables.contains("IORT") { return .arm }
        let root = inventory.functions.first { $0.deviceClass.baseAndSub == 0x0600 }
        switch root?.id.vendor {
        case 0x8086: return .intel
        case 0x1022: return .amd
        default: return nil
        }
    }

    /// The parameters that the kernel was started with.
    var running: [String] {
        platform.boot.running
            ?? inventory.host.kernelCommandLine.map { $0.split(separator: " ").map { String($0) } } ?? []
    }

    /// The last value given to a parameter: `off` of `intel_iommu=off`. nil: it is not there, or has no value.
    func running(_ name: String) -> String? {
        running.last { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// `Debian 12`, `kernel 6.1.0`, `libvirt 9.0.0`, `QEMU 7.2.0`.
    var system: [String] {
        [
            inventory.host.distribution, inventory.host.kernel.map { "kernel \($0)" },
            platform.software.libvirt.map { "libvirt \($0)" }, platform.software.qemu.map { "QEMU \($0)" },
        ].compactMap { $0 }
    }

    var isGuest: Bool { platform.cpu.isGuest ?? false }

    /// The first few of many, with how many more there are.
    static func few(_ lines: [String], _ most: Int = 8) -> [String] {
        lines.count <= most ? lines : lines.prefix(most) + ["and \(lines.count - most) more"]
    }

    /// `0000:41:00.0 NVIDIA Corporation A100`
    static func line(_ function: PCIFunction) -> String { "\(function.address.short) \(function.name)" }
}

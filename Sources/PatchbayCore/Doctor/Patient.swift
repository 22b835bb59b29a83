/// A host under examination: its inventory with what several checks ask of it, worked out once.
struct Patient: Sendable {
    let inventory: Inventory
    /// Empty facts where only the surface was read.
    let platform: HostPlatform
    let hasSurvey: Bool
    /// Lines of modprobe.d about devices and guests.
    let moduleLines: [SettingLine]
    /// Functions that are no bridges, by address.
    let endpoints: [PCIFunction]
    /// Of those, what could be handed over now; none on a machine that Patchbay does not lend from.
    private(set) var lendable: [PCIFunction] = []
    /// What stands in the way of the others.
    let obstacles: [PCIAddress: Obstacle]
    /// Of those, what the host does not need to stay alive: what people may want to lend.
    let candidates: [PCIFunction]
    /// Whether Patchbay lends from such a machine. One that cannot be told is taken for an ordinary one.
    private(set) var isSupported = true
    let recipe: BootRecipe
    let menu: FirmwareMenu
    /// Where guests, pools and settings of the boot count on one device of it.
    let clashes: [Finding]

    init(_ inventory: Inventory, clashes: [Finding] = []) {
        self.inventory = inventory
        self.clashes = clashes
        platform = inventory.survey?.platform ?? HostPlatform()
        hasSurvey = inventory.survey != nil
        moduleLines = (platform.boot.settings ?? []).filter(\.isOfModule)
        endpoints = inventory.functions.filter { !$0.isBridge }
        let index = HostIndex(inventory, Usage())
        var obstacles: [PCIAddress: Obstacle] = [:]
        for function in endpoints { obstacles[function.address] = index.obstacle(to: function, in: inventory) }
        self.obstacles = obstacles
        candidates = endpoints.filter { inventory.verdict(of: $0.address) != .critical }
        recipe = BootRecipe(platform.boot)
        menu = FirmwareMenu.of(platform.firmware)
        isSupported = architecture?.isSupported ?? true
        if isSupported { lendable = endpoints.filter { obstacles[$0.address] == nil } }
    }

    /// The parameters that the kernel was started with.
    var running: [String] {
        platform.boot.running
            ?? inventory.host.kernelCommandLine.map { $0.split(separator: " ").map { String($0) } } ?? []
    }

    /// What the kernel was started with and what its next start is configured with, each once. What follows `--` is for
    /// the first process.
    var parameters: [String] {
        var seen: Set<String> = []
        return [running, platform.boot.configured ?? []].flatMap { $0.prefix { $0 != "--" } }
            .filter { seen.insert($0).inserted }
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

    /// The first few of many, with how many more there are.
    static func few(_ lines: [String], _ most: Int = 8) -> [String] {
        lines.count <= most ? lines : lines.prefix(most) + ["and \(lines.count - most) more"]
    }

    /// `0000:41:00.0 NVIDIA Corporation A100`
    static func line(_ function: PCIFunction) -> String { "\(function.address.short) \(function.name)" }
}

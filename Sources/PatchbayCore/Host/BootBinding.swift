/// A setting that binds functions to a driver when the host boots.
struct BootBinding: Sendable {
    enum Kind: Hashable, Sendable {
        /// A file in `/etc/driverctl.d`.
        case driverctl(PCIAddress)
        /// `ids=` of vfio-pci, in `modprobe.d` or on the kernel's command line.
        case ids([PCIMatch], file: Bool)
    }

    let kind: Kind
    /// As it is written: `vfio-pci.ids=10de:20b5`.
    let text: String

    static func all(of platform: HostPlatform) -> [BootBinding] {
        driverctl(platform.units) + commandLine(platform.boot) + moduleOptions(platform.boot.moduleOptions)
    }

    func binds(_ function: PCIFunction) -> Bool {
        switch kind {
        case .driverctl(let address): address == function.address
        case .ids(let matches, _): matches.contains { $0.matches(function) }
        }
    }

    var words: String {
        switch kind {
        case .driverctl: "driverctl (\(text))"
        case .ids(_, file: true): "\"\(text)\" in modprobe.d"
        case .ids(_, file: false): "\"\(text)\" of the kernel command line"
        }
    }

    func next(on host: String) -> NextStep {
        switch kind {
        case .driverctl(let address): "Let Patchbay bind it instead:  sudo driverctl unset-override \(address)"
        case .ids: NextStep("See how to remove it", .examine(host: host))
        }
    }

    /// `UnitsReader` names the unit that would set it.
    private static func driverctl(_ units: [String: String]) -> [BootBinding] {
        units.filter { $0.value == "configured" }.keys.sorted().compactMap { unit in
            guard unit.hasPrefix("driverctl@"), unit.hasSuffix(".service") else { return nil }
            let file = unit.dropFirst("driverctl@".count).dropLast(".service".count)
            let name = file.hasPrefix("pci-") ? file.dropFirst(4) : file
            return PCIAddress(printed: name).map { BootBinding(kind: .driverctl($0), text: "/etc/driverctl.d/\(file)") }
        }
    }

    /// What the kernel was started with, and what the next boot will give it.
    private static func commandLine(_ boot: BootFacts) -> [BootBinding] {
        var lists: [String] = []
        for words in [boot.running, boot.configured].compactMap(\.self) {
            for list in KernelParameters(words).values(of: "vfio-pci.ids") where !lists.contains(list) {
                lists.append(list)
            }
        }
        return lists.compactMap { ids($0, isFile: false, text: "vfio-pci.ids=\($0)") }
    }

    /// `options vfio-pci ids=10de:20b5 disable_vga=1`
    private static func moduleOptions(_ lines: [String]) -> [BootBinding] {
        lines.flatMap { line -> [BootBinding] in
            let words = KernelParameters(parsing: line).words
            guard words.count > 2, words[0] == "options", ["vfio-pci", "vfio_pci"].contains(words[1]) else { return [] }
            let lists = KernelParameters(Array(words.dropFirst(2))).values(of: "ids")
            return lists.compactMap { ids($0, isFile: true, text: line) }
        }
    }

    private static func ids(_ list: String, isFile: Bool, text: String) -> BootBinding? {
        let matches = list.split(separator: ",").compactMap { PCIMatch($0) }
        return matches.isEmpty ? nil : BootBinding(kind: .ids(matches, file: isFile), text: text)
    }
}

/// One entry of a driver's `ids`: `vendor:device[:subvendor[:subdevice[:class[:mask]]]]`, hexadecimal; `ffffffff` is any.
///
/// Source: `drivers/vfio/pci/vfio_pci.c`, `vfio_pci_fill_ids`.
struct PCIMatch: Hashable, Sendable {
    private let numbers: [UInt32]

    /// nil: fewer than two numbers, or something that is none.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt32($0.hasPrefix("0x") ? $0.dropFirst(2) : $0[...], radix: 16) }
        guard (2...6).contains(parts.count), numbers.count == parts.count else { return nil }
        self.numbers = numbers
    }

    func matches(_ function: PCIFunction) -> Bool {
        let facts = [
            function.id.vendor, function.id.device, function.subsystem?.vendor ?? 0, function.subsystem?.device ?? 0,
        ]
        guard zip(numbers, facts).allSatisfy({ $0 == .max || $0 == UInt32($1) }) else { return false }
        let wanted = numbers.count > 4 ? numbers[4] : 0
        let mask = numbers.count > 5 ? numbers[5] : 0
        return (UInt32(function.deviceClass.code) ^ wanted) & mask == 0
    }
}

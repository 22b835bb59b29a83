import PatchbayCore

/// What the host's console is on: serial ports, the kernel's framebuffer, the only display.
struct ConsoleUses {
    let tree: HostTree
    /// `ttyS0`, `tty0`; nil: not told.
    let consoles: [String]?

    init(_ tree: HostTree) {
        self.tree = tree
        // `ttyS0                -W- (EC a)    4:64`
        consoles = tree.text(SysfsPath.consoles).map { text in
            text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        }
    }

    /// Somebody in front of the machine uses its screen. nil: not told.
    var isLocal: Bool? { consoles.map { $0.contains(where: Self.isScreen) } }

    private var hasOther: Bool { consoles?.contains(where: Self.isSerial) ?? false }

    /// A line that a person can work on: `ttyS0`, `ttyAMA0`, `hvc0`, but neither the network (`netcon0`) nor a log
    /// (`ttyprintk`, `pstore-1`).
    private static func isSerial(_ name: String) -> Bool {
        guard !isScreen(name), name != "ttyprintk" else { return false }
        return ["tty", "hvc", "xvc", "sclp"].contains(where: name.hasPrefix)
    }

    /// `tty0` and `tty1`, but not `ttyS0`.
    private static func isScreen(_ name: String) -> Bool {
        name.hasPrefix("tty") && name.dropFirst(3).allSatisfy(\.isNumber)
    }

    func add(to ledger: inout UseLedger) {
        for name in consoles ?? [] where !Self.isScreen(name) {
            guard let link = tree.link("\(SysfsPath.terminals)/\(name)") else { continue }
            ledger.add(.console, .critical, ["console", name], at: DevicePlace(link: link))
        }
        addFramebuffer(&ledger)
        addOnlyDisplay(&ledger)
    }

    /// The kernel's console is on the first framebuffer where its framebuffer driver is bound.
    private func addFramebuffer(_ ledger: inout UseLedger) {
        guard isBound, let link = tree.link("\(SysfsPath.framebuffers)/fb0") else { return }
        let place = DevicePlace(link: link)
        guard let function = place.functions.last else { return }
        let isOnly = displays(ledger).count == 1 && consoles != nil && !hasOther
        let connector = connector(of: function).map { [$0] } ?? []
        ledger.add(.console, isOnly ? .critical : .inUse, ["text console", "fb0"] + connector, at: place)
    }

    private var isBound: Bool {
        (tree.names(SysfsPath.virtualConsoles) ?? []).contains { name in
            let directory = "\(SysfsPath.virtualConsoles)/\(name)"
            return tree.line("\(directory)/bind") == "1"
                && tree.line("\(directory)/name")?.contains("frame buffer") ?? false
        }
    }

    /// `card0-HDMI-A-1` with a monitor on it.
    private func connector(of function: PCIAddress) -> String? {
        (tree.names(SysfsPath.displays) ?? []).first { name in
            name.contains("-") && tree.line("\(SysfsPath.displays)/\(name)/status") == "connected"
                && tree.link("\(SysfsPath.displays)/\(name)").map { TopologyPath.functions($0).last } == function
        }
    }

    /// A machine with one display and no other console loses its face with it. Where neither the firmware's choice nor
    /// the consoles are told, every display may be the one.
    private func addOnlyDisplay(_ ledger: inout UseLedger) {
        let displays = displays(ledger)
        guard !displays.contains(where: { ledger.severity(of: $0.address) == .critical }) else { return }
        if consoles != nil {
            guard displays.count == 1, !hasOther else { return }
            ledger.add(
                .console, .critical, ["only display, and no serial console"],
                at: DevicePlace(functions: [displays[0].address]))
        } else if displays.allSatisfy({ $0.isBootDisplay == nil }) {
            for display in displays where ledger.mayBeUsed(display) {
                ledger.add(
                    .console, .unknown, ["which display is the console could not be determined"],
                    at: DevicePlace(functions: [display.address]))
            }
        }
    }

    private func displays(_ ledger: UseLedger) -> [PCIFunction] {
        ledger.functions.filter { $0.hasPicture && !$0.isOnVFIO }
    }
}

extension PCIFunction {
    /// VGA and other controllers with a picture; 3D controllers (0x0302) have none, virtual functions neither.
    var hasPicture: Bool {
        guard [0x0300, 0x0301, 0x0380].contains(deviceClass.baseAndSub) else { return false }
        if case .virtual = role { return false }
        return true
    }
}

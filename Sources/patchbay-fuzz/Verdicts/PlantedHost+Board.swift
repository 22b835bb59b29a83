/// What the host needs because of what it is, and what does not answer.
enum BoardUse: String, CaseIterable {
    case serialConsole = "serial console", bootDisplay = "boot display", management = "management controller"
    case uncore = "register of the processor", eventCollector = "event collector", chipset = "function of the chipset"
    case silent = "device that does not answer"
}

extension PlantedHost {
    mutating func plant(_ use: BoardUse) {
        switch use {
        case .serialConsole: plantSerialConsole()
        case .bootDisplay:
            let card = card("10de:1c03", "030000", driver: nil)
            attributes(card.path, "boot_vga=1")
            need(card)
        case .management:
            let (id, deviceClass) = dice.pick([
                ("1a03:2000", "030000"), ("102b:0536", "030000"), ("103c:3306", "088000"),
            ])
            need(card(id, deviceClass, driver: nil))
        case .uncore:
            // Broadwell, Skylake and Ice Lake servers (pci.ids).
            let (id, deviceClass) = dice.pick([
                ("8086:6f30", "110100"), ("8086:6f28", "088000"), ("8086:2024", "088000"), ("8086:2058", "110100"),
                ("8086:2042", "088000"), ("8086:09a2", "088000"), ("8086:3451", "088000"), ("8086:344b", "088000"),
            ])
            need(integrated(id, deviceClass, driver: nil))
        case .eventCollector:
            let (id, driver) = dice.pick([("1022:14a6", "pcieport"), ("1022:14a6", nil), ("8086:0b23", nil)])
            need(integrated(id, "080700", driver: driver))
        case .chipset:
            let (id, deviceClass) = dice.pick([
                ("8086:a1a0", "058000"), ("8086:a1a3", "0c0500"), ("8086:a1ba", "078000"), ("8086:a1b1", "118000"),
                ("1022:1481", "080600"), ("1022:790b", "0c0500"), ("8086:a1c1", "060100"), ("8086:2020", "060000"),
                ("8086:51ef", "050000"),
            ])
            need(integrated(id, deviceClass, driver: nil))
        case .silent: plantSilent()
        }
    }

    /// A card with serial ports, one of which the kernel writes its messages to.
    private mutating func plantSerialConsole() {
        let card = card("1c00:3253", "070002", driver: "serial")
        let name = "ttyS\(4 + next("serial"))"
        attributes("\(card.path)/tty/\(name)", "dev=4:\(68 + next("serial minor"))\nline=4")
        link("sys/class/tty/\(name)", to: "\(card.path)/tty/\(name)")
        line("proc/consoles", "\(name)                -W- (E  p a)    4:68")
        need(card)
    }

    /// The kernel knows its ids of old; what is read now is all ones.
    private mutating func plantSilent() {
        let (id, deviceClass) = dice.pick([("10de:20b5", "030200"), ("144d:a80a", "010802"), ("8086:1572", "020000")])
        var card = card(id, deviceClass, driver: chance(1, in: 2) ? "vfio-pci" : nil, isAlone: true)
        let count = chance(1, in: 2) ? 4096 : 256
        file("\(card.path)/config", [UInt8](repeating: 0xff, count: count))
        if chance(1, in: 3) { addMate(&card, "10de:1aef", "040300", driver: nil) }
        need(card)
    }

    // MARK: The machine that all of it is in

    /// Root file system, console, an IOMMU that works, and what every machine has.
    mutating func addMachine() {
        file("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n")
        file("proc/sys/kernel/hostname", "planted\n")
        file("proc/sys/kernel/osrelease", "6.8.12-9-amd64\n")
        file("proc/meminfo", "MemTotal:       65536000 kB\nMemFree:        50000000 kB\n")
        file(
            "proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU\nflags\t\t: fpu vmx ept\n\n")
        file("proc/interrupts", "           CPU0\n 24:   0  IR-PCI-MSI 32768-edge  nvme0q0\n")
        file(
            "sys/firmware/acpi/tables/DMAR",
            Array("DMAR".utf8) + [UInt8](repeating: 0, count: 33) + [1] + [UInt8](repeating: 0, count: 10))
        folder("sys/class/iommu/dmar0")
        attributes("sys/devices/system/node/node0", "cpulist=0")
        attributes("sys/devices/system/cpu", "online=0")
        line("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority")
        line("proc/consoles", "tty0                 -WU (EC p  )    4:7")
        line("proc/consoles", "ttyS0                -W- (E  p a)    4:64")
        line(Self.routes, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT")
        // The kernel's own refusal of what has no route.
        line(
            Self.routes6, "\(Self.zeros) 00 \(Self.zeros) 00 \(Self.zeros) ffffffff 00000001 00000000 00200200       lo"
        )
        bootWord("root=/dev/sda1 ro quiet intel_iommu=on")
        rawLink("proc/1/ns/mnt", to: "mnt:[4026531841]")
        let bridge = Card(address: "0000:00:00.0", path: "sys/devices/pci0000:00/0000:00:00.0", group: nextGroup())
        function(bridge, "8086:2020", "060000", driver: nil, portType: 9)
        need(bridge)
        let controller = Card(address: "0000:00:1f.2", path: "sys/devices/pci0000:00/0000:00:1f.2", group: nextGroup())
        function(controller, "8086:a182", "010601", driver: "ahci", portType: 9)
        let root = partition(of: scsi(controller, below: "\(controller.path)/ata1"))
        describe(root, "ID_FS_TYPE=ext4", "ID_FS_USAGE=filesystem")
        line(Self.mounts, "20 1 \(root.number) / / rw,relatime shared:1 - ext4 \(root.node) rw")
        need(controller)
    }

    /// The host's own way out, where nothing else is; the network it is managed over in any case.
    mutating func addUplink() {
        let card = Card(address: "0000:00:1f.6", path: "sys/devices/pci0000:00/0000:00:1f.6", group: nextGroup())
        function(card, "8086:15b7", "020000", driver: "e1000e", portType: 9)
        let interface = interface(on: card, name: "eno1", isUp: true)
        if count("default route") == 0 { routeOut(by: interface) } else { route(to: interface, by: interface) }
        need(card)
    }
}

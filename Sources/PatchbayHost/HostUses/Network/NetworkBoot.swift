import PatchbayCore

/// The network cards that the host started from: what the firmware and the boot loader say of PXE, iSCSI and NVMe over
/// TCP, and what the kernel's command line sets up before there is a root.
struct NetworkBoot {
    let tree: HostTree
    let interfaces: NetworkInterfaces
    let waysOut: WaysOut

    func add(to ledger: inout UseLedger) {
        let parameters = KernelParameters(parsing: tree.line(SysfsPath.commandLine) ?? "")
        for value in parameters.values(of: "BOOTIF") { addPXE(value, &ledger) }
        let severity: HostUse.Severity = Self.needsNetwork(parameters) ? .critical : .inUse
        for name in parameters.values(of: "bootdev")
            + parameters.values(of: "ip").compactMap({ Self.interface(of: $0) })
        {
            add(severity, ["network at boot"], interface: name, &ledger)
        }
        addISCSI(&ledger)
        for address in NVMeBootTable.functions(in: tree) {
            let place = waysOut.programs.place(of: address)
            ledger.add(.networkBoot, .critical, ["NVMe boot (NBFT)"] + (names(at: address).prefix(1)), at: place)
        }
    }

    private func add(
        _ severity: HostUse.Severity, _ chain: [String], interface name: String, _ ledger: inout UseLedger
    ) {
        guard interfaces.isHardware(name) != nil else { return }
        for way in waysOut.ways(from: name, looksAtPrograms: false) {
            ledger.add(.networkBoot, way.isRedundant ? .inUse : severity, chain + way.names, at: way.place)
        }
    }

    // MARK: PXE

    /// `BOOTIF=01-52-54-00-12-34-56` of pxelinux, iPXE and GRUB: the hardware type and the address of the card.
    private func addPXE(_ value: String, _ ledger: inout UseLedger) {
        let pairs = value.lowercased().split { $0 == "-" || $0 == ":" }
        guard pairs.count >= 6, pairs.allSatisfy({ $0.count == 2 }) else { return }
        add(address: pairs.suffix(6).joined(separator: ":"), ["network boot (BOOTIF)"], &ledger)
    }

    private func add(address: String, _ chain: [String], _ ledger: inout UseLedger) {
        for name in interfaces.devices(withAddress: address) {
            ledger.add(.networkBoot, .critical, chain + [name], at: interfaces.place(of: name))
        }
    }

    private func names(at function: PCIAddress) -> [String] {
        interfaces.names.filter { interfaces.place(of: $0).functions.last == function }
    }

    // MARK: The kernel's command line

    /// The root, or what unlocks or fetches it, comes over the network (dracut.cmdline(7), nfsroot.rst, live systems).
    static func needsNetwork(_ parameters: KernelParameters) -> Bool {
        let roots = ["root", "netroot", "nfsroot"].flatMap { parameters.values(of: $0) }
        let isRemote = roots.contains { root in
            root == "/dev/nfs"
                || ["nfs", "iscsi", "nbd", "http", "live:http", "live:nfs", "cifs", "fcoe", "tftp"].contains {
                    root.hasPrefix($0)
                }
        }
        let others = [
            "netroot", "nfsroot", "netboot", "fetch", "rd.neednet", "rd.iscsi.target", "rd.nvmf.discover",
            "iscsi_target_name",
            "coreos.live.rootfs_url",
        ]
        return isRemote || others.contains { name in parameters.values(of: name).contains { $0 != "0" } }
    }

    /// The interface in `ip=192.0.2.5::192.0.2.1:255.255.255.0:atlas:eth0:off` or `ip=eth0:dhcp`. nil: any.
    static func interface(of value: String) -> String? {
        var fields = [""]
        var isBracketed = false
        for character in value {
            if character == "[" { isBracketed = true }
            if character == "]" { isBracketed = false }
            if character == ":", !isBracketed {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        let name = fields.count >= 6 ? fields[5] : fields.count >= 2 ? fields[0] : ""
        return name.isEmpty || IPAddress(name) != nil ? nil : name
    }

    // MARK: iSCSI

    /// `sys/firmware/ibft/ethernetN`, the iSCSI Boot Firmware Table: bit 0 of the flags says that the block counts, bit 1
    /// that the firmware started by it.
    private func addISCSI(_ ledger: inout UseLedger) {
        for entry in (tree.names(SysfsPath.iscsiBoot) ?? []) where entry.hasPrefix("ethernet") {
            let directory = "\(SysfsPath.iscsiBoot)/\(entry)"
            let flags = tree.line("\(directory)/flags").flatMap { Int($0) } ?? 3
            guard flags & 1 != 0 else { continue }
            let chain = ["iSCSI boot (iBFT \(entry))"]
            if let link = tree.link("\(directory)/device"), let own = DevicePlace(link: link).functions.last {
                let severity: HostUse.Severity = flags & 2 != 0 ? .critical : .inUse
                ledger.add(.networkBoot, severity, chain + names(at: own).prefix(1), at: DevicePlace(link: link))
            } else if let address = tree.line("\(directory)/mac") {
                add(address: address.lowercased(), chain, &ledger)
            }
        }
    }
}

/// The NVMe Boot Firmware Table that the firmware leaves for the system (NVM Express Boot Specification 1.0).
enum NVMeBootTable {
    /// The functions that it reached its disks by, sorted.
    static func functions(in tree: HostTree) -> [PCIAddress] {
        guard tree.isLive || tree.text(SysfsPath.recordedBootCards) == nil else {
            let lines = (tree.text(SysfsPath.recordedBootCards) ?? "").split(separator: "\n")
            return lines.compactMap { try? PCIAddress(String($0)) }.sorted()
        }
        let tables = (tree.names(SysfsPath.firmwareTables) ?? []).filter { $0.hasPrefix("NBFT") }
        let found = tables.flatMap { name in
            functions(inTable: tree.bytes("\(SysfsPath.firmwareTables)/\(name)", atMost: 64 << 10) ?? [])
        }
        return Set(found).sorted()
    }

    /// Offsets of the header (64 bytes), of the control descriptor behind it (where the list of host fabric interfaces is,
    /// how long each is, how many) and of an interface's transport descriptor (structure 7: its PCIe routing id).
    static func functions(inTable bytes: [UInt8]) -> [PCIAddress] {
        guard bytes.count > 88, bytes.starts(with: Array("NBFT".utf8)) else { return [] }
        let list = number(bytes, at: 80, 4)
        let length = number(bytes, at: 84, 2)
        guard length >= 22 else { return [] }
        return (0..<Int(bytes[87])).compactMap { index -> PCIAddress? in
            let entry = list + index * length
            guard entry + 22 <= bytes.count, bytes[entry] == 3, bytes[entry + 2] & 1 != 0 else { return nil }
            let transport = number(bytes, at: entry + 16, 4)
            guard transport > 0, transport + 11 <= bytes.count, bytes[transport] == 7 else { return nil }
            let id = number(bytes, at: transport + 7, 4)
            return PCIAddress(
                domain: UInt32(id >> 16), bus: UInt8(id >> 8 & 0xff), slot: UInt8(id >> 3 & 0x1f),
                function: UInt8(id & 7))
        }
    }

    private static func number(_ bytes: [UInt8], at offset: Int, _ count: Int) -> Int {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

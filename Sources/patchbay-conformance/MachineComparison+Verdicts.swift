import PatchbayCore
import PatchbayHost

extension MachineComparison {
    /// What the host needs, by what is true of its mounts, routes, display and board: nothing needed may pass for free,
    /// and nothing that cannot be told either.
    func verdictDifferences() -> [String] {
        vitalDifferences() + untoldDifferences() + displayDifferences() + boardDifferences() + chainDifferences()
    }

    /// Disks of vital mounts are critical, those of others in use, each with a chain that begins with a mount.
    private func vitalDifferences() -> [String] {
        (truth.mounts ?? []).flatMap { mount in
            (mount.pci ?? []).flatMap { text -> [String] in
                guard let address = try? PCIAddress(text) else { return ["\(text) is no address"] }
                let verdict = inventory.verdict(of: address)
                let needed: Set<HostVerdict> = Self.isVital(mount.target) ? [.critical] : [.critical, .inUse]
                var differences =
                    needed.contains(verdict) ? [] : ["\(mount.target) is on \(text), which is \(verdict.rawValue)"]
                let targets = Set((truth.mounts ?? []).map(\.target))
                let isNamed = (inventory.hostUses[address] ?? []).contains {
                    $0.reason == .mount && $0.chain.count > 1 && targets.contains(Self.escaped($0.chain[0]))
                        && $0.chain.last == text
                }
                if !isNamed { differences.append("no chain of \(text) begins with a mount") }
                return differences
            }
        }
    }

    /// What losing would stop any of these hosts.
    private static func isVital(_ target: String) -> Bool {
        target == "/" || ["/boot", "/home", "/usr", "/var", "/etc"].contains { "\(target)/".hasPrefix("\($0)/") }
    }

    /// Without a mount table, or with a mount that cannot be followed, no disk is free; without routes no network card.
    private func untoldDifferences() -> [String] {
        let isStorageTold = truth.mounts?.contains { $0.backing == nil } == false
        let disks = inventory.functions.filter { isUnproven($0) && $0.deviceClass.isStorage }
        let cards = inventory.functions.filter { isUnproven($0) && $0.deviceClass.isNetwork }
        let hasRoutes = !reading.findings.contains { $0.code == "routes-unknown" }
        return (isStorageTold ? [] : free(disks, "though its mounts cannot be told"))
            + (hasRoutes ? [] : free(cards, "though no route can be told"))
    }

    /// A driver of the host has it, or the tree tells no drivers.
    private func isUnproven(_ function: PCIFunction) -> Bool {
        let tellsDrivers = inventory.functions.contains { $0.driver != nil }
        return !function.isBridge && !function.isOnVFIO && (function.driver != nil || !tellsDrivers)
    }

    private func free(_ functions: [PCIFunction], _ why: String) -> [String] {
        functions.filter { inventory.verdict(of: $0.address) == .free }.map { "\($0.address) passes for free \(why)" }
    }

    private func displayDifferences() -> [String] {
        guard let text = truth.boot_vga, let address = try? PCIAddress(text) else { return [] }
        return compare("verdict of the boot display", inventory.verdict(of: address), .critical)
    }

    /// Bridges, and the classes that belong to the chipset.
    private func boardDifferences() -> [String] {
        let chipset: Set<String> = [
            "0600", "0601", "0602", "0603", "0604", "0607", "0806", "0807", "0c05", "0c07", "1101", "1180",
        ]
        let needed = truth.bridges + truth.functions.filter { chipset.contains($0.class) }.map(\.addr)
        let registers = inventory.functions.filter { isRegister($0) }.map(\.address.description)
        return Set(needed + registers).sorted().compactMap { text in
            guard let address = try? PCIAddress(text), inventory[address] != nil else { return nil }
            let verdict = inventory.verdict(of: address)
            return verdict == .critical ? nil : "\(text) belongs to the board and is \(verdict.rawValue)"
        }
    }

    /// Of Intel's functions of class 0880 on a root bus all but DMA engines and neural accelerators are registers. On these
    /// machines every engine has its driver, and the accelerators are alone of their kind on bus 0.
    private func isRegister(_ function: PCIFunction) -> Bool {
        guard function.deviceClass.baseAndSub == 0x0880, function.id.vendor == 0x8086,
            function.topologyPath.split(separator: "/").count == 2
        else { return false }
        return function.driver != "ioatdma" && function.topologyPath != "pci0000:00/08.0"
    }

    /// Evidence ends at the device it is about.
    private func chainDifferences() -> [String] {
        inventory.hostUses.flatMap { device, uses in
            uses.filter { $0.chain.last != device.chainLink }.map { "\(device): \($0.sentence) ends elsewhere" }
        }
    }
}

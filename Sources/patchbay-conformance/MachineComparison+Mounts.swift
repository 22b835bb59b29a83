import PatchbayCore
import PatchbayHost

extension MachineComparison {
    /// Mounts of devices, the disks and functions behind each, and that the host's uses say the same.
    func mountDifferences() -> [String] {
        let expected = truth.mounts ?? []
        let ours = Dictionary(grouping: reading.mounts.filter { $0.source.hasPrefix("/dev/") }) {
            "\(Self.escaped($0.target)) from \($0.source)"
        }
        let theirs = Dictionary(grouping: expected) { "\($0.target) from \($0.source)" }
        var differences = compareSets("mounts", Set(ours.keys), Set(theirs.keys))
        for (name, mounts) in theirs {
            guard let mount = mounts.first, let own = ours[name]?.first else { continue }
            differences += self.differences(name, own, mount)
        }
        return differences + unknownDifferences(expected)
    }

    /// The truth repeats targets as the kernel writes them.
    static func escaped(_ target: String) -> String {
        target.reduce(into: "") { text, character in
            switch character {
            case " ": text += "\\040"
            case "\t": text += "\\011"
            case "\n": text += "\\012"
            case "\\": text += "\\134"
            default: text.append(character)
            }
        }
    }

    private func differences(_ name: String, _ own: MountBacking, _ mount: Machine.Mounted) -> [String] {
        var differences = compare("\(name): unknown", own.isUnknown, mount.backing == nil)
        guard let backing = mount.backing else { return differences }
        differences += compareSets("\(name): disks", Set(own.ways.compactMap { lowest($0, backing) }), Set(backing))
        let functions = Set(own.ways.compactMap { $0.functions.last?.description })
        differences += compareSets("\(name): functions", functions, Set(mount.pci ?? []))
        for function in mount.pci ?? [] {
            let isSaid = uses(of: function).contains { $0.reason == .mount && $0.chain.last == function }
            differences += compare("\(name): \(function) is in use", isSaid, true)
        }
        return differences
    }

    /// The truth names partitions or whole disks, whichever the file system or array is on.
    private func lowest(_ way: MountBacking.Way, _ backing: [String]) -> String? {
        way.names.last { backing.contains($0) } ?? way.names.last
    }

    private func uses(of function: String) -> [HostUse] {
        inventory.hostUses.first { $0.key.description == function }?.value ?? []
    }

    /// Where a mount cannot be followed no disk may pass for free.
    private func unknownDifferences(_ expected: [Machine.Mounted]) -> [String] {
        guard expected.contains(where: { $0.backing == nil }) else {
            return compare("finding backing-unknown", reading.findings.contains { $0.code == "backing-unknown" }, false)
        }
        let tellsDrivers = inventory.functions.contains { $0.driver != nil }
        let free = inventory.functions.filter {
            $0.deviceClass.isStorage && !$0.isBridge && inventory.hostUses[$0.address] == nil
                && ($0.driver != nil || !tellsDrivers)
        }
        return free.map { "\($0.address) passes for free though a mount cannot be followed" }
            + compare("finding backing-unknown", reading.findings.contains { $0.code == "backing-unknown" }, true)
    }
}

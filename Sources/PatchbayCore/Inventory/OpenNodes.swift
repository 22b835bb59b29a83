/// Who has nodes of devices open now, as far as that could be seen.
package struct OpenNodes: Hashable, Sendable {
    /// Each device that anybody has. Sorted by process id and node.
    package var holders: [DeviceKey: [DeviceHolder]]
    /// What kept it from seeing everything, in words. Empty: everything was seen.
    package var gaps: [String]

    package init(_ holders: [DeviceKey: [DeviceHolder]] = [:], gaps: [String] = []) {
        self.holders = holders
        self.gaps = gaps
    }

    package var all: [DeviceHolder] { Array(holders.values.joined()) }
}

extension Inventory {
    /// With who has nodes of these devices open now, in place of what was known of that. Where not everything could be seen
    /// what was known stands, and nobody can tell of the rest that has a driver.
    package mutating func replaceHolders(of devices: Set<DeviceKey>, by now: OpenNodes) {
        for device in devices {
            var uses = (hostUses[device] ?? []).filter { $0.reason != .holder || !now.gaps.isEmpty }
            let holders = (now.holders[device] ?? []).filter(\.isObstacle)
            for use in holders.map({ HostUse(of: $0, at: device) }) where !uses.contains(use) { uses.append(use) }
            if let gap = now.gaps.first, let present = self[device], present.hasDriver, !present.isNeverLent {
                let use = HostUse(.holder, .unknown, chain: [gap, device.chainLink])
                if !uses.contains(use) { uses.append(use) }
            }
            hostUses[device] = uses.isEmpty ? nil : uses
        }
    }

    /// Without the doubt about programs that could not be seen. For what had no driver before a plan bound it: nobody else has
    /// a node of that.
    mutating func forgetUnseen(on addresses: Set<PCIAddress>) {
        for address in addresses {
            let left = hostUses[address]?.filter { $0.reason != .holder || $0.severity != .unknown } ?? []
            hostUses[address] = left.isEmpty ? nil : left
        }
    }
}

extension HostUse {
    /// `nvidia-persiste (nvidia-persistenced.service) → /dev/nvidia0 → 0000:41:00.0`
    package init(of holder: DeviceHolder, at device: DeviceKey) {
        self.init(.holder, .inUse, chain: [holder.process.words, holder.node, device.chainLink])
    }
}

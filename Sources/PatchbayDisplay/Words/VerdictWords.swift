import PatchbayAPI
import PatchbayCore
import PatchbayText

extension API.HostUse {
    /// `critical: root file system: / → sda1 → 0000:00:17.0`
    package var line: String {
        let verdict = HostUse.Severity(rawValue: severity).map { HostVerdict($0).words } ?? severity
        return "\(verdict): \(sentence)"
    }
}

extension API.Isolation {
    /// `isolated`, `not isolated`, `unknown`
    package var words: String { verdict.replacing("-", with: " ") }
}

extension API.Group {
    /// Members that change hands together: neither bridges nor parked.
    package var membersToLend: [API.Device] {
        let parked = Set(membersParked.map(\.address))
        return members.filter { !$0.isBridge && !parked.contains($0.address) }
    }

    /// Parts of the chipset that stay as they are when the others are lent, and hinder nobody. They themselves are the host's.
    package var membersParked: [API.Device] {
        let parked = Set(members.filter { $0.state != .host }.flatMap { $0.parked ?? [] })
        return members.filter { parked.contains($0.address) }
    }

    /// Members that the host keeps, where others are with them: all or none of a group is handed over.
    package var membersOfHost: [API.Device] {
        let devices = membersToLend
        return devices.count < 2 ? [] : devices.filter { $0.state == .host }
    }

    /// `isolated`, `isolated; 40:03.0 is parked (given to no guest)`, `isolated from others, but 00:1f.0 in it stays with the
    /// host`; nil: nobody looked.
    package var isolationWords: String? {
        guard let isolation else { return nil }
        guard isolation.verdict == GroupIsolation.Verdict.isolated.rawValue else { return isolation.words }
        let kept = membersOfHost
        let parked = membersParked
        return isolation.words
            + (kept.isEmpty
                ? "" : " from others, but \(Self.few(kept)) in it \(kept.count == 1 ? "stays" : "stay") with the host")
            + (parked.isEmpty
                ? "" : "; \(Self.few(parked)) \(parked.count == 1 ? "is" : "are") parked (never given to a guest)")
    }

    private static func few(_ devices: [API.Device]) -> String {
        devices.prefix(3).map(\.shortAddress).joined(separator: ", ") + (devices.count > 3 ? " and more" : "")
    }
}

extension API.Holder {
    /// `qemu-system-x86 (4711) has /dev/vfio/12 open · unit machine-qemu.scope`
    package var words: String {
        ["\(command) (\(pid)) has \(node) open", unit.map { "unit \($0)" }, container.map { "container \($0)" }]
            .compactMap { $0 }.joined(separator: " · ") + (recipe.map { " · \($0)" } ?? "")
    }
}

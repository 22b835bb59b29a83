/// An IOMMU group by what is in it, not by its number: the same after every boot with the same kernel and firmware.
package struct GroupFingerprint: Hashable, Codable, Sendable {
    /// `pci0000:00/02.0/00.0 10de:20b5` for each member, sorted.
    package var members: [String]

    package init(members: [String]) { self.members = members.sorted() }
}

extension Inventory {
    package func fingerprint(of group: IOMMUGroup) -> GroupFingerprint {
        GroupFingerprint(members: group.members.map { fingerprint(of: $0) })
    }

    /// Of all groups, in an order that does not depend on their numbers.
    package var groupFingerprints: [GroupFingerprint] {
        groups.map { fingerprint(of: $0) }.sorted { $0.members.lexicographicallyPrecedes($1.members) }
    }

    fileprivate func fingerprint(of member: PCIAddress) -> String {
        guard let identity = self[member].map({ identity(of: $0) }) else { return member.description }
        let place = identity.topologyPath.isEmpty ? member.description : identity.topologyPath
        return "\(place) \(identity.id)"
    }
}

/// How a device's group differs from what it was: after an update of kernel or firmware, or when something was plugged.
package struct GroupChange: Hashable, Codable, Sendable {
    /// The members that were in one group before and are in one now, by their addresses now. Sorted.
    package var devices: [PCIAddress]
    /// How many members the group had, and has; 0: they were, or are, in none.
    package var before: Int
    package var now: Int
    /// Members that are new in it, by their addresses now. Sorted.
    package var joined: [PCIAddress]
    /// Members that it lost, by their addresses then. Sorted.
    package var left: [PCIAddress]

    package init(devices: [PCIAddress], before: Int, now: Int, joined: [PCIAddress], left: [PCIAddress]) {
        self.devices = devices
        self.before = before
        self.now = now
        self.joined = joined
        self.left = left
    }

    /// `The group of 0000:41:00.0 was 1 device, is now 3: joined by 0000:41:00.1 and 0000:42:00.0.`
    package var sentence: String {
        let parts = [
            joined.isEmpty ? nil : "joined by \(Self.list(joined))", left.isEmpty ? nil : "left by \(Self.list(left))",
        ].compactMap { $0 }
        let change = parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))"
        return "The group of \(Self.list(devices)) was \(Self.words(before)) and is now \(now)\(change)."
    }

    private static func words(_ count: Int) -> String { count == 1 ? "1 device" : "\(count) devices" }

    /// The first eight by name, the others by number.
    private static func list(_ addresses: [PCIAddress]) -> String {
        var names = addresses.prefix(8).map(\.description)
        if addresses.count > 8 { names.append("\(addresses.count - 8) more") }
        guard names.count > 1, let last = names.popLast() else { return names.first ?? "" }
        return "\(names.joined(separator: ", ")) and \(last)"
    }
}

extension Inventory {
    /// What became of the groups of devices that were there before and are there now. Numbers do not count: the kernel
    /// deals them anew at every boot. Sorted by the first device.
    package func groupChanges(since before: Inventory) -> [GroupChange] {
        // Turning the IOMMU on or off says nothing about groups.
        guard !groups.isEmpty, !before.groups.isEmpty else { return [] }
        let now = members
        let then = before.members
        var together: [Pair: [String]] = [:]
        for (member, place) in now.places {
            guard let earlier = then.places[member] else { continue }
            together[Pair(before: earlier.group, now: place.group), default: []].append(member)
        }
        return together.compactMap { pair, devices in
            let past = pair.before.flatMap { then.groups[$0] } ?? []
            let present = pair.now.flatMap { now.groups[$0] } ?? []
            guard past != present else { return nil }
            return GroupChange(
                devices: devices.compactMap { now.places[$0]?.address }.sorted(), before: past.count,
                now: present.count,
                joined: present.subtracting(past).subtracting(devices).compactMap { now.places[$0]?.address }.sorted(),
                left: past.subtracting(present).subtracting(devices).compactMap { then.places[$0]?.address }.sorted())
        }.sorted { ($0.devices.first.map(\.number) ?? 0) < ($1.devices.first.map(\.number) ?? 0) }
    }

    private struct Pair: Hashable {
        var before: IOMMUGroupID?
        var now: IOMMUGroupID?
    }

    private struct Members {
        var places: [String: (address: PCIAddress, group: IOMMUGroupID?)] = [:]
        var groups: [IOMMUGroupID: Set<String>] = [:]
    }

    private var members: Members {
        var members = Members()
        for function in functions {
            let name = fingerprint(of: function.address)
            members.places[name] = (function.address, function.iommuGroup)
            if let group = function.iommuGroup { members.groups[group, default: []].insert(name) }
        }
        return members
    }
}

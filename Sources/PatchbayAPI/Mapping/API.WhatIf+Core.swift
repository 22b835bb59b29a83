import PatchbayCore
import PatchbayText

extension API.WhatIf {
    private static let mostChanges = 256
    /// More than that are not placed one by one.
    package static let mostGuests = 10_000

    /// Throws `.malformedInput` for numbers that cannot be.
    package func checkForm() throws(PatchbayCore.Problem) {
        if let changes, changes.count > Self.mostChanges {
            throw Problem(
                .malformedInput, "\"changes\" has \(changes.count) entries.",
                next: ["Send at most \(Self.mostChanges)."])
        }
        if let count, !(0...Self.mostGuests).contains(count) {
            throw Problem(
                .malformedInput, "\"count\" is \(count), which is out of range.",
                next: ["Use 0 to \(Self.mostGuests)."])
        }
        if count ?? 0 > 0, guest == nil {
            throw Problem(
                .malformedInput, "\"count\" is given, but \"guest\" is missing.",
                next: ["Send the guest's requests: {\"guest\": {\"requests\": [{\"pool\": \"NAME\"}]}, \"count\": 2}"])
        }
    }
}

extension API.GuestShape {
    /// CPUs and memory of the guest; nil: devices alone are placed.
    ///
    /// - Parameter profile: the one it names.
    package func needs(from profile: PatchbayCore.Profile?) throws(PatchbayCore.Problem) -> GuestNeeds? {
        var size = PatchbayCore.Profile(
            name: "guest", vcpus: vcpus ?? profile?.vcpus, memoryMiB: memoryMiB ?? profile?.memoryMiB,
            pin: pin ?? profile?.pin, hugepageKiB: profile?.hugepageKiB, cells: cells ?? profile?.cells)
        if let hugepages { size.hugepageKiB = try HugepageWords.kibibytes(hugepages) }
        try size.validate()
        guard
            size.vcpus != nil || size.memoryMiB != nil || size.pin != nil || size.hugepageKiB != nil
                || size.cells != nil
        else { return nil }
        return GuestNeeds(
            vcpus: size.vcpus ?? 1, memoryMiB: size.memoryMiB ?? 1024, pin: size.pin ?? .none,
            hugepageKiB: size.hugepageKiB, cells: size.cells)
    }
}

extension API.PoolCapacity {
    package init(_ capacity: PatchbayCore.PoolCapacity) {
        self.init(
            lendable: capacity.lendable, free: capacity.free,
            hosts: capacity.hosts.map { HostCount(free: $0.free, hosts: $0.hosts) },
            sizes: capacity.sizes.map {
                SizeFit(
                    size: $0.size, fit: $0.fit, onOneNode: $0.onOneNode, onOneSwitch: $0.onOneSwitch,
                    whenEmpty: $0.whenEmpty, stranded: capacity.stranded($0))
            })
    }
}

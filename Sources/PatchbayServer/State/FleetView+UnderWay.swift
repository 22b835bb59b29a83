import PatchbayCore

/// Devices of commits that are being written: decisions count them as held, answers do not show them yet.
extension FleetView {
    /// The fleet without what is not sure yet: every device is held that is known to be, and no other.
    func sureFleet() async throws(Problem) -> Fleet {
        var fleet = try await fleet()
        for (host, addresses) in underWay {
            let known = fleet.hosts[host]?.allocations
            fleet.placement.setHeld(addresses.filter { known?[$0] == nil }, on: host, false)
        }
        fleet.isAhead = false
        return fleet
    }

    /// A commit that gives these devices to somebody is about to be written. False: another one is that has one of them.
    func begin(_ devices: [DeviceID]) -> Bool {
        guard !devices.contains(where: { underWay[$0.host]?.contains($0.key) == true }) else { return false }
        for device in devices {
            underWay[device.host, default: []].insert(device.key)
            hold([device.key], on: device.host, true)
        }
        current.isAhead = !underWay.isEmpty
        return true
    }

    /// The commit was written, and its allocations are known; or it was not, and the devices are as they were.
    func end(_ devices: [DeviceID]) {
        var isBack = false
        for device in devices {
            underWay[device.host]?.remove(device.key)
            if underWay[device.host]?.isEmpty == true { underWay[device.host] = nil }
            guard current.hosts[device.host]?.allocations[device.key] == nil else { continue }
            hold([device.key], on: device.host, false)
            isBack = true
        }
        current.isAhead = !underWay.isEmpty
        if isBack { tellTime() }
    }
}

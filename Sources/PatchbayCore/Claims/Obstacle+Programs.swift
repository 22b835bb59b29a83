extension Obstacle {
    /// How the programs that have the device open are made to let go, where it is they who stand in the way: known ones by
    /// their recipe. Each once.
    func releases(in inventory: Inventory) -> [NextStep] {
        guard let (device, use) = hostUse, use.reason == .holder, use.severity == .inUse else { return [] }
        let holders = inventory.survey?.holders[device] ?? []
        var seen: Set<String> = []
        return holders.filter(\.isObstacle).flatMap(\.release).filter { seen.insert($0).inserted }.map { NextStep($0) }
    }

    private var hostUse: (DeviceKey, HostUse)? {
        if case .hostUse(let device, let use) = self { return (device, use) }
        if case .mateUse(let mate, _, let use) = self { return (mate.key, use) }
        return nil
    }
}

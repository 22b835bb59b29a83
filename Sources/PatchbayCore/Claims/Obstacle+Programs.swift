extension Obstacle {
    /// How the programs that have the device open are made to let go, where it is they who stand in the way: known ones by
    /// their recipe. Each once.
    func releases(in inventory: Inventory) -> [String] {
        guard let (address, use) = hostUse, use.reason == .holder, use.severity == .inUse else { return [] }
        let holders = inventory.survey?.holders[address] ?? []
        var seen: Set<String> = []
        return holders.filter(\.isObstacle).flatMap(\.release).filter { seen.insert($0).inserted }
    }

    private var hostUse: (PCIAddress, HostUse)? {
        if case .hostUse(let address, let use) = self { return (address, use) }
        if case .mateUse(let mate, _, let use) = self { return (mate, use) }
        return nil
    }
}

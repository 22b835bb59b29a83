import PatchbayCore

/// The host as it was last seen.
struct Observed {
    /// Without programs that have devices open since the last look alone.
    private(set) var inventory: Inventory?
    var domains: [Domain] = []
    /// Who had devices open at the last look.
    private var holders: [DeviceKey: [DeviceHolder]] = [:]

    /// As it is told: what a guest has open of its own devices is the guest's, and told with it.
    var told: Inventory? { inventory?.explained(by: domains) }

    /// Takes over a reading.
    ///
    /// - Parameter isAsked: somebody asked for it, and is told everything.
    /// - Returns: whether to look again soon: a program in it is told only when it is still there. Not for one that comes and
    ///   goes as another process each time.
    mutating func take(_ now: Inventory, isAsked: Bool = false) -> Bool {
        let earlier = isAsked ? nil : inventory
        let told = earlier.map { now.withoutNewcomers(since: holders, telling: $0) } ?? now
        let before = Set(holders.values.joined().map(\.program))
        inventory = told
        holders = now.survey?.holders ?? [:]
        return holders.contains { device, own in
            let known = told.survey?.holders[device] ?? []
            return own.contains { !known.contains($0) && !before.contains($0.program) }
        }
    }
}

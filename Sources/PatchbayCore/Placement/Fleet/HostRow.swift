/// What the fleet's index keeps of one host.
struct HostRow: Sendable {
    let name: String
    var standing: HostStanding
    /// The number of its class; nil: nothing is placed on it now.
    var group: Int?
}

/// What makes hosts answer alike: hosts of one class serve the same wishes with the same units and the same seats.
struct HostClassKey: Hashable, Sendable {
    let shape: ObjectIdentifier
    let free: UnitSet
    let labels: [String: String]
    /// Of no host by name; nil: it does not tell.
    let room: HostRoom?
    /// As one VM sees it.
    let past: GuestPast?
}

/// A class of hosts that answer alike.
struct HostClass: Sendable {
    let key: HostClassKey
    let shape: HostShape
    /// Of all of them, so that most classes without room are passed by at a glance.
    let level: RoomLevel
    /// By name.
    var members = OrderedNumbers()
}

/// How much room a host has for guests, roughly: by powers of two.
struct RoomLevel: Hashable, Sendable {
    /// CPUs that could be a guest's own; nil: the host does not tell.
    let processors: Int8?
    /// MiB, in ordinary memory or pages of one size; nil: the host does not tell.
    let memory: Int8?

    static let unknown = RoomLevel(processors: nil, memoryMiB: nil)

    init(processors: Int?, memoryMiB: Int?) {
        self.processors = processors.map(Self.level)
        self.memory = memoryMiB.map(Self.level)
    }

    /// The power of two that the number reaches; -1 for nothing.
    static func level(_ number: Int) -> Int8 {
        number <= 0 ? -1 : Int8(Int.bitWidth - 1 - number.leadingZeroBitCount)
    }

    /// Less than this level is surely too little.
    func mayServe(_ needs: GuestNeeds) -> Bool {
        (!needs.pin.isDedicated || processors.map { $0 >= Self.level(needs.vcpus) } ?? true)
            && (memory.map { $0 >= Self.level(needs.memoryMiB) } ?? true)
    }
}

extension HostRoom {
    var level: RoomLevel {
        let cpus = nodes.reduce(0) { $0 + $1.cpus.count(where: canBeDedicated) }
        return RoomLevel(
            processors: isKnown ? cpus : nil, memoryMiB: freeMiB.map { Swift.max($0, pagesMiB) })
    }

    /// The most that is free in huge pages of one size.
    var pagesMiB: Int {
        let pages = nodes.reduce(into: [Int: Int]()) { $0.merge($1.freePages) { $0.plus($1) } }
        return pages.map { $0.key.times($0.value) / 1024 }.max() ?? 0
    }
}

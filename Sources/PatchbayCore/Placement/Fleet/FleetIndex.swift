/// All hosts, arranged so that a decision costs the same for ten hosts and for a million.
///
/// Hosts that answer alike form a class: the same shape, the same free units, the same room for guests. Those of one model
/// that are idle are one class, however many they are. For each pool the classes are kept by how many units they have left, so the
/// first that serves a request is the best. A change of a host moves it from one class to another.
///
/// A value. A copy shares what is not written to afterwards.
package struct FleetIndex: Sendable {
    var rows = Paged<HostRow>()
    private var numbers: [String: Int] = [:]
    /// How many hosts have each.
    private var shapes: [HostShape: Int] = [:]
    var groups = Paged<HostClass?>()
    private var unusedGroups: [Int] = []
    private var groupOf: Sharded<HostClassKey, Int> = [:]
    private(set) var pools: [String: PoolLedger] = [:]
    /// Of all units, for claims that name no pool.
    private(set) var anywhere = PoolLedger()

    package init() {}

    package subscript(host: String) -> HostStanding? { numbers[host].map { rows[$0].standing } }

    func number(of host: String) -> Int? { numbers[host] }

    /// Classes of hosts, the gone ones left out.
    var classes: [HostClass] { (0..<groups.count).compactMap { groups[$0] } }

    /// Takes a host as it stands now. nil: it is gone.
    package mutating func set(_ host: String, _ standing: HostStanding?) {
        guard var standing else {
            guard let row = numbers[host] else { return }
            rows[row].standing.closed = .gone
            regroup(row)
            return
        }
        standing.shape = shared(standing.shape)
        standing.room?.host = ""
        if let row = numbers[host] {
            leave(row)
            release(rows[row].standing.shape)
            rows[row].standing = standing
            regroup(row)
        } else {
            let row = rows.append(HostRow(name: host, standing: standing, group: nil))
            numbers[host] = row
            regroup(row)
        }
    }

    /// A claim took devices of a host, or gave them back; what else stands in their way is as it was.
    package mutating func setHeld(_ devices: some Sequence<DeviceKey>, on host: String, _ isHeld: Bool) {
        guard let row = numbers[host] else { return }
        var held = rows[row].standing.held
        for device in devices {
            guard let unit = rows[row].standing.shape.unit(of: device) else { continue }
            if isHeld { held.insert(unit) } else { held.remove(unit) }
        }
        guard held != rows[row].standing.held else { return }
        rows[row].standing.held = held
        regroup(row)
    }

    /// One object for all hosts that have the same.
    private mutating func shared(_ shape: HostShape) -> HostShape {
        guard let known = shapes.index(forKey: shape) else {
            shapes[shape] = 1
            return shape
        }
        shapes.values[known] += 1
        return shapes.keys[known]
    }

    private mutating func release(_ shape: HostShape) {
        guard let known = shapes.index(forKey: shape) else { return }
        shapes.values[known] -= 1
        if shapes.values[known] == 0 { shapes.remove(at: known) }
    }
}

extension FleetIndex {
    private mutating func regroup(_ row: Int) {
        let standing = rows[row].standing
        guard standing.closed == nil else { return leave(row) }
        let key = HostClassKey(
            shape: ObjectIdentifier(standing.shape), free: standing.free, labels: standing.labels, room: standing.room,
            past: standing.past)
        if let group = rows[row].group, groups[group]?.key == key { return }
        leave(row)
        join(row, key, standing.shape)
    }

    private mutating func join(_ row: Int, _ key: HostClassKey, _ shape: HostShape) {
        let group = groupOf[key] ?? newGroup(key, shape)
        // One copy for all hosts that have the same.
        rows[row].standing.room = groups[group]?.key.room
        let first = groups[group]?.members.first
        let isFirst = first.map { rows[row].name < rows[$0].name } ?? true
        if isFirst, first != nil { list(group, false) }
        insert(row, into: group)
        if isFirst { list(group, true) }
        rows[row].group = group
        count(group, 1)
    }

    private mutating func leave(_ row: Int) {
        guard let group = rows[row].group else { return }
        rows[row].group = nil
        let wasFirst = groups[group]?.members.first == row
        count(group, -1)
        if wasFirst { list(group, false) }
        remove(row, from: group)
        if groups[group]?.members.isEmpty == true { forget(group) } else if wasFirst { list(group, true) }
    }

    private mutating func newGroup(_ key: HostClassKey, _ shape: HostShape) -> Int {
        let group = HostClass(key: key, shape: shape, level: key.room?.level ?? .unknown)
        let number: Int
        if let unused = unusedGroups.popLast() {
            groups[unused] = group
            number = unused
        } else {
            number = groups.append(group)
        }
        groupOf[key] = number
        return number
    }

    private mutating func forget(_ group: Int) {
        if let key = groups[group]?.key { groupOf[key] = nil }
        groups[group] = nil
        unusedGroups.append(group)
    }

    private mutating func insert(_ row: Int, into group: Int) {
        let rows = rows
        groups[group]?.members.insert(row) { rows[$0].name < rows[$1].name }
    }

    private mutating func remove(_ row: Int, from group: Int) {
        let rows = rows
        groups[group]?.members.remove(row) { rows[$0].name < rows[$1].name }
    }

    /// Puts a class where its pools' ledgers find it, in the order of its first host's name, or takes it away from there.
    private mutating func list(_ group: Int, _ isListed: Bool) {
        guard let listed = groups[group] else { return }
        let (rows, groups) = (rows, groups)
        func name(_ group: Int) -> String { groups[group]?.members.first.map { rows[$0].name } ?? "" }
        func isBefore(_ a: Int, _ b: Int) -> Bool { name(a) < name(b) }
        func note(_ ledger: inout PoolLedger, _ free: Int) {
            if isListed { ledger.add(group, free: free, isBefore) } else { ledger.remove(group, free: free, isBefore) }
        }
        note(&anywhere, listed.key.free.count)
        for (pool, stock) in listed.shape.pools {
            let free = stock.units.count(in: listed.key.free)
            if free > 0 { note(&pools[pool, default: PoolLedger()], free) }
        }
    }

    private mutating func count(_ group: Int, _ hosts: Int) {
        guard let listed = groups[group] else { return }
        anywhere.note(hosts: hosts)
        for (pool, stock) in listed.shape.pools where !stock.units.isDisjoint(with: listed.key.free) {
            pools[pool, default: PoolLedger()].note(hosts: hosts)
        }
    }
}

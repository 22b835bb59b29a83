import PatchbayCore

extension Fleet {
    /// `atlas/0000:41:00.0`, `atlas/41:00.0`, an address that one host has, or `serial=` with a serial number.
    ///
    /// Throws `.malformedAddress`, `.unknownHost`, `.unknownDevice`, or `.ambiguousName` with the candidates.
    func device(named name: String) throws(Problem) -> DeviceID {
        let meant = try DeviceName(name)
        let candidates = try devices(meant).sorted()
        guard let first = candidates.first else { throw unknownDevice(name) }
        guard candidates.count > 1 else { return first }
        let evidence = candidates.prefix(20).map(\.short)
        switch meant {
        case .place:
            throw Problem(
                .ambiguousName, "\(candidates.count) hosts have a device \"\(name)\".", evidence: evidence,
                next: ["Name the host: \(first.short)"])
        case .serial(_, let serial):
            throw Problem(
                .ambiguousName, "\(candidates.count) devices have the serial number \"\(serial)\".",
                evidence: evidence, next: ["Name it by its place: \(first.short)"])
        }
    }

    private func devices(_ name: DeviceName) throws(Problem) -> [DeviceID] {
        let host: String?
        switch name {
        case .place(let named, _), .serial(let named, _): host = named
        }
        if let host, hosts[host]?.inventory == nil { throw unknownHost(host) }
        let places = host.map { [$0] } ?? Array(hosts.keys)
        switch name {
        case .place(_, let key): return places.map { DeviceID(host: $0, key: key) }.filter(has)
        case .serial(_, let serial):
            return places.flatMap { place in
                (hosts[place]?.inventory?.devices(withSerial: serial) ?? []).map { DeviceID(host: place, key: $0) }
            }
        }
    }

    /// In the inventory, or held by a VM though it has vanished.
    private func has(_ id: DeviceID) -> Bool {
        guard let host = hosts[id.host] else { return false }
        return host.inventory?[id.key] != nil || host.allocations[id.key] != nil
    }

    func unknownHost(_ name: String) -> Problem {
        Problem(
            .unknownHost, "There is no host \"\(name)\".",
            next: Spelling.hint(for: name, among: Array(hosts.keys)) + [NextStep("List them", .listHosts)])
    }

    func unknownDevice(_ name: String) -> Problem {
        Problem(
            .unknownDevice, "There is no device \"\(name)\".",
            next: [NextStep("List them", .listDevices())])
    }

    func pool(_ name: String) throws(Problem) -> Kept<Pool> {
        guard let pool = pools[name] else { throw unknownPool(name) }
        return pool
    }

    func unknownPool(_ name: String) -> Problem {
        Problem(
            .unknownPool, "There is no pool \"\(name)\".",
            next: Spelling.hint(for: name, among: Array(pools.keys)) + [
                NextStep("List them", .listPools), NextStep("Or create it", .createPool(name)),
            ])
    }

    /// A VM by name: one we keep a record of, or a guest that a host reports.
    func vm(_ name: String) throws(Problem) -> VM {
        if let vm = vms[name] { return vm.value }
        let homes = hosts.keys.filter { hosts[$0]?.domain(name) != nil }.sorted()
        guard let home = homes.first else {
            throw Problem(
                .unknownVM, "There is no VM \"\(name)\".",
                next: Spelling.hint(for: name, among: guestNames) + [NextStep("List them", .listVMs)])
        }
        guard homes.count == 1 else {
            throw Problem(
                .ambiguousName, "\(homes.count) hosts have a guest \"\(name)\".",
                evidence: homes.map { "\($0): \(name)" }, next: ["Rename one of them on its host."])
        }
        return VM(name: name, host: home, origin: .adopted)
    }

    /// Every VM that we keep a record of, and every guest that a host reports.
    private var guestNames: [String] {
        Set(vms.keys).union(hosts.values.flatMap { ($0.domains ?? []).map(\.name) }).sorted()
    }

    func domain(of vm: VM) -> Domain? { hosts[vm.host]?.domain(vm.name) }
}

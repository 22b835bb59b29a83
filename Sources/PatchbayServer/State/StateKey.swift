import PatchbayCore

/// Where each value lives in the store: the only place that spells keys.
enum StateKey {
    static func host(_ host: String) -> String { "hosts/\(host)" }
    static func inventory(_ host: String) -> String { "inventories/\(host)" }
    /// A piece of the inventory, by the name that its head gives.
    static func inventory(_ host: String, part: String) -> String { "inventories/\(host)/\(part)" }
    static func domains(_ host: String) -> String { "domains/\(host)" }
    /// What an operator says of a host.
    static func settings(_ host: String) -> String { "settings/\(host)" }
    static func pool(_ pool: String) -> String { "pools/\(pool)" }
    static func profile(_ profile: String) -> String { "profiles/\(profile)" }
    static func vm(_ vm: String) -> String { "vms/\(vm)" }
    static func claim(_ claim: String) -> String { "claims/\(claim)" }
    static func allocation(_ id: DeviceID) -> String { "\(allocationPrefix)\(id)" }
    static let allocationPrefix = "allocations/"
    static func binding(_ id: DeviceID) -> String { "bindings/\(id)" }
    /// Kept from being lent again until somebody returns it.
    static func quarantine(_ id: DeviceID) -> String { "quarantines/\(id)" }
    static func plan(_ plan: String, host: String) -> String { "plans/\(host)/\(plan)" }
    /// Start again once it has stopped.
    /// The plan under way for a VM; one at a time.
    static func turn(_ vm: String) -> String { "turns/\(vm)" }
    /// Written with every plan that is queued for a host, so that two plans are never made for the same expected state.
    static func queue(_ host: String) -> String { "queues/\(host)" }
    /// Written whenever a VM, a profile or a waiting claim begins to ask for a pool, so that nobody deletes the pool at
    /// that moment.
    static func askers(_ pool: String) -> String { "askers/\(pool)" }
    /// A browser's session, by the hash of its secret. Nothing that is decided stands on it, so it has no `StatePlace`.
    static func session(_ hash: String) -> String { "\(sessionPrefix)\(hash)" }
    static let sessionPrefix = "sessions/"
    static let auditPrefix = "audit/"
    /// Sorted by time; milliseconds with 15 digits last until the year 33658.
    static func audit(at now: Int, id: String) -> String { "\(auditPrefix)\(now.padded(15))-\(id)" }
    /// Rewritten by commits that nobody asked for; every commit writes either this or one audit record, never both.
    static let notice = "audit/~notice"
}

/// A key taken apart.
enum StatePlace: Hashable {
    case host(String)
    case inventory(String)
    case inventoryPart(String, host: String)
    case domains(String)
    case settings(String)
    case pool(String)
    case profile(String)
    case vm(String)
    case claim(String)
    case allocation(DeviceID)
    case binding(DeviceID)
    case quarantine(DeviceID)
    case plan(String, host: String)
    case turn(String)
    case queue(String)
    case askers(String)
    case audit

    /// nil: no key of ours.
    init?(_ key: String) {
        guard let slash = key.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let rest = String(key[key.index(after: slash)...])
        switch key[..<slash] {
        case "hosts": self = .host(rest)
        case "inventories":
            if let inner = rest.utf8.firstIndex(of: UInt8(ascii: "/")) {
                self = .inventoryPart(String(rest[rest.index(after: inner)...]), host: String(rest[..<inner]))
            } else {
                self = .inventory(rest)
            }
        case "domains": self = .domains(rest)
        case "settings": self = .settings(rest)
        case "pools": self = .pool(rest)
        case "profiles": self = .profile(rest)
        case "vms": self = .vm(rest)
        case "claims": self = .claim(rest)
        case "allocations": if let id = try? DeviceID(rest) { self = .allocation(id) } else { return nil }
        case "bindings": if let id = try? DeviceID(rest) { self = .binding(id) } else { return nil }
        case "quarantines": if let id = try? DeviceID(rest) { self = .quarantine(id) } else { return nil }
        case "plans":
            guard let inner = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
            self = .plan(String(rest[rest.index(after: inner)...]), host: String(rest[..<inner]))
        case "turns": self = .turn(rest)
        case "queues": self = .queue(rest)
        case "askers": self = .askers(rest)
        case "audit": self = .audit
        default: return nil
        }
    }
}

extension StatePlace {
    /// The host that it is about.
    var hostName: String? {
        switch self {
        case .host(let host), .inventory(let host), .inventoryPart(_, let host), .domains(let host),
            .settings(let host), .plan(_, let host), .queue(let host):
            host
        case .allocation(let id), .binding(let id), .quarantine(let id): id.host
        case .pool, .profile, .vm, .claim, .turn, .askers, .audit: nil
        }
    }

    /// The plan that is kept there.
    var plan: String? { if case .plan(let id, _) = self { id } else { nil } }
}

extension Int {
    fileprivate func padded(_ digits: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}

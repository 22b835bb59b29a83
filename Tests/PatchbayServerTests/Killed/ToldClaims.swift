import PatchbayAPI
import PatchbayCore

/// What must be so after everything that clients were told.
struct ToldClaims: Sendable {
    /// A claim as a server shows it.
    struct Shown: Sendable {
        var id: String
        var isPending = false
        var devices: [String] = []
    }

    /// Granted, and no release was asked for: devices by claim.
    var held: [String: [String]] = [:]
    /// Told to wait, and not yet known to be served.
    var waiting: Set<String> = []
    /// Released, and told so; or refused.
    var gone: Set<String> = []
    /// Asked for, and nobody was told; or a release was asked for, and nobody was told.
    var open: Set<String> = []

    /// What of `claims` is not as it was told.
    func faults(in claims: [Shown]) -> [String] {
        let found = Dictionary(grouping: claims, by: \.id)
        var faults = found.filter { $1.count > 1 }.keys.map { "\($0) is there more than once" }
        for (id, devices) in held {
            let claim = found[id]?.first
            guard claim?.devices != devices || claim?.isPending != false else { continue }
            faults.append("\(id) was granted \(devices) and is \(claim.map { "\($0)" } ?? "gone")")
        }
        faults += waiting.filter { found[$0] == nil }.map { "\($0) was told to wait and is gone" }
        faults += gone.filter { found[$0] != nil }.map { "\($0) was released or refused and is there" }
        let known = Set(held.keys).union(waiting).union(open).union(gone)
        faults += found.keys.filter { !known.contains($0) }.map { "nobody asked for \($0)" }
        for (device, holders) in Self.holders(in: claims) where holders.count > 1 {
            faults.append("\(device) is held by \(holders.sorted().joined(separator: " and "))")
        }
        faults += claims.filter { $0.isPending != $0.devices.isEmpty }.map { "\($0.id) is served by halves" }
        return faults.sorted()
    }

    /// Claims by device: more than one is a fault.
    static func holders(in claims: [Shown]) -> [String: [String]] {
        var holders: [String: [String]] = [:]
        for claim in claims { for device in claim.devices { holders[device, default: []].append(claim.id) } }
        return holders
    }
}

extension ToldClaims.Shown {
    init(_ claim: API.Claim) {
        self.init(id: claim.id, isPending: claim.phase == .pending, devices: claim.devices.map(\.device))
    }
}

import PatchbayAPI
import PatchbayCore

/// A claim in the list.
struct ClaimRow: Sendable, Hashable {
    /// Devices that are named in a row.
    static let mostDevices = 3

    let id: String
    let claim: String
    let href: String
    let owner: String
    let ownerLink: String?
    let tenant: String
    let mark: ClaimPhaseMark
    let wants: String
    let host: Anchor?
    let devices: [Anchor]
    let moreDevices: String
    let lease: Deadline?
    /// Its place in the queue: `1st`.
    let place: String
    let priority: String

    init(_ claim: API.Claim, now: Int) {
        self.id = "claimrow-\(API.Device.elementID(of: claim.id))"
        self.claim = claim.id
        self.href = Link.claim(claim.id)
        self.owner = claim.owner.words
        self.ownerLink = claim.owner.kind == .vm ? Link.vm(claim.owner.name) : nil
        self.tenant = claim.owner.tenant ?? ""
        self.mark = ClaimPhaseMark(claim.phase)
        self.wants = ClaimRequestLine.words(claim.requests)
        self.host = claim.host.map { Anchor(text: $0, href: Link.host($0)) }
        let primaries = claim.devices.filter { !$0.isCompanion }
        self.devices = primaries.prefix(Self.mostDevices).map {
            let id = DeviceName($0.device)
            return Anchor(text: id.address, href: id.href)
        }
        let rest = primaries.count - devices.count
        self.moreDevices = rest > 0 ? "and \(rest) more" : ""
        self.lease = claim.expiresAt.map { Deadline($0, now: now) }
        self.place = claim.position.map(Self.ordinal) ?? ""
        self.priority = claim.priority == 0 ? "" : "priority \(claim.priority)"
    }

    /// `1st`, `2nd`, `11th`
    static func ordinal(_ number: Int) -> String {
        switch (number % 100, number % 10) {
        case (11...13, _): "\(number)th"
        case (_, 1): "\(number)st"
        case (_, 2): "\(number)nd"
        case (_, 3): "\(number)rd"
        default: "\(number)th"
        }
    }
}

extension API.ClaimOwner {
    /// `VM trainer-01`, `system slurm/job-17`, `reservation night`
    var words: String { PatchbayCore.ClaimOwner(kind: kind, name: name, tenant: tenant).words }
}

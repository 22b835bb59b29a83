import Foundation
import PatchbayCore
import PatchbayStore

/// The commits that claim a unit of two functions and give it back, as the server makes them: real values under real keys.
///
/// The values are encoded once. What is measured is the store, and the store does not look into them.
struct ClaimShape: Sendable {
    struct Commit: Sendable {
        var writes: [Write]
        var conditions: [Precondition]
    }

    static let pool = "pools/gpu"

    private let claim: [UInt8]
    private let allocation: [UInt8]
    private let audit: [UInt8]

    init() throws {
        let address = try PCIAddress("0000:41:00.0")
        let sound = try PCIAddress("0000:41:00.1")
        let units = [
            AllocatedUnit(
                request: "gpu", pool: "gpu",
                unit: DeviceUnit(primary: address.key, companions: [sound.key], bridges: []))
        ]
        let decision = ClaimDecision(host: "host-000041", units: units, at: 1_790_000_000_000)
        let requests = [Request(name: "gpu", target: .pool("gpu"))]
        let owner = ClaimOwner.vm("trainer-000041")
        let id = "c-0000000000000001"
        claim = try Self.bytes(
            Claim(
                id: id, owner: owner, requests: requests, state: .allocated(decision),
                createdAt: 1_790_000_000_000))
        allocation = try Self.bytes(Allocation(claim: id, owner: owner, primary: address.key))
        audit = try Self.bytes([
            "kind": "vm.started", "subject": "trainer-000041", "actor": "operator",
            "sentence": "trainer-000041 is being started with host-000041/41:00.0.", "at": "1790000000000",
        ])
    }

    private static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(["value": value]))
    }

    /// What a store holds before the first claim. Returns its commit.
    func prepare(_ store: any Store) async throws -> Revision {
        guard let revision = try await store.commit([.put(Self.pool, audit)], if: []) else { throw ClaimRefused() }
        return revision
    }

    /// Nobody has one of the devices, and the pool they come from is as it was when they were chosen.
    func claiming(_ unit: Int, id: String, poolAt revision: Revision) -> Commit {
        let allocations = Self.allocations(of: unit)
        let key = "claims/\(id)"
        return Commit(
            writes: [.put("audit/001790000000000-\(id)", audit), .put(key, claim)]
                + allocations.map { .put($0, allocation) },
            conditions: [.absent(key)] + allocations.map { .absent($0) }
                + [.unchanged(Self.pool, since: revision)])
    }

    /// Given back, if it is still the claim that was made in `revision`.
    func releasing(_ unit: Int, id: String, claimedAt revision: Revision) -> Commit {
        let key = "claims/\(id)"
        return Commit(
            writes: [.put("audit/001790000000001-\(id)", audit), .delete(key)]
                + Self.allocations(of: unit).map { .delete($0) },
            conditions: [.unchanged(key, since: revision)])
    }

    private static func allocations(of unit: Int) -> [String] {
        let (host, card) = unit.quotientAndRemainder(dividingBy: 8)
        return (0..<2).map { "allocations/host-\(padded(host))/0000:\(hex(card)):00.\($0)" }
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private static func hex(_ card: Int) -> String { String(0x40 + card, radix: 16) }
}

/// A commit of a run in which no two clients want the same was refused: the store is wrong, or not ours alone.
struct ClaimRefused: Error, CustomStringConvertible {
    var description: String { "The store refused a commit that nothing stood against." }
}

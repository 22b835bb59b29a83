import PatchbayAPI
import PatchbayCore

extension Demo {
    /// One that is served, one that waits, and a VM's.
    static let atlasClaims: [API.Claim] = [
        claim(
            Claim(
                id: "c-1", owner: .vm("trainer-01"), requests: [Request(name: "a100-1", target: .pool("a100"))],
                state: .attached(decision("41:00.0", request: "a100-1", seat: seat)), createdAt: now - 7_200_000)),
        claim(
            Claim(
                id: "job-17", owner: ClaimOwner(kind: .system, name: "slurm/job-17", tenant: "vision"),
                requests: [Request(name: "a100-1", target: .pool("a100"))], terms: ClaimTerms(leaseSeconds: 14_400),
                state: .allocated(decision("42:00.0", request: "a100-1", expiresAt: now + 3_600_000)),
                createdAt: now - 3_600_000)),
        claim(
            Claim(
                id: "night", owner: ClaimOwner(kind: .reservation, name: "night", tenant: "speech"),
                requests: [
                    Request(name: "a100-1", target: .pool("a100"), count: 4, numa: .required, topology: .sameSwitch)
                ],
                terms: ClaimTerms(priority: 5, waits: true), createdAt: now - 60_000),
            position: 1),
    ]

    private static let seat = GuestSeat(
        pin: .core, hugepageKiB: 1_048_576,
        cells: [.init(node: NUMANode(0), vcpus: Array(0..<8), memoryMiB: 32768, cpus: Array(8..<16))],
        dedicatedCPUs: Array(8..<16) + Array(40..<48))

    static func id(_ address: String) -> DeviceID { try! DeviceID("atlas/\(address)") }

    private static func decision(_ address: String, request: String, seat: GuestSeat? = nil, expiresAt: Int? = nil)
        -> ClaimDecision
    {
        let unit = DeviceUnit(primary: id(address).key, companions: [], bridges: [])
        return ClaimDecision(
            host: "atlas", units: [AllocatedUnit(request: request, pool: "a100", unit: unit)], seat: seat,
            at: now - 3_600_000,
            expiresAt: expiresAt)
    }

    private static func claim(_ claim: Claim, position: Int? = nil) -> API.Claim {
        let devices = claim.decision.map { API.ClaimDevice.all(of: $0, { _ in ("A100 PCIe 80GB", nil) }) } ?? []
        return API.Claim(claim, standing: API.Claim.Standing(devices: devices, position: position), revision: 9)
    }
}

import PatchbayAPI
import PatchbayCore

extension Demo {
    /// One that is served, one that waits, and a VM's.
    static let atlasClaims: [API.Claim] = [
        claim(
            Claim(
                id: "c-1", owner: .vm("trainer-01"), requests: [Request(name: "a100-1", target: .pool("a100"))],
                phase: .attached, decision: decision("41:00.0", request: "a100-1"), createdAt: now - 7_200_000)),
        claim(
            Claim(
                id: "job-17", owner: ClaimOwner(kind: .system, name: "slurm/job-17", tenant: "vision"),
                requests: [Request(name: "a100-1", target: .pool("a100"))], terms: ClaimTerms(leaseSeconds: 14_400),
                phase: .allocated,
                decision: decision("42:00.0", request: "a100-1", expiresAt: now + 3_600_000),
                createdAt: now - 3_600_000)),
        claim(
            Claim(
                id: "night", owner: ClaimOwner(kind: .reservation, name: "night", tenant: "speech"),
                requests: [
                    Request(name: "a100-1", target: .pool("a100"), count: 4, numa: .required, topology: .sameSwitch)
                ],
                terms: ClaimTerms(priority: 5, waits: true), phase: .pending, createdAt: now - 60_000),
            position: 1),
    ]

    /// Four are wanted and two are held.
    static let atlasExplanation = API.Explanation(
        Explanation(
            hosts: [
                HostFit(
                    host: "atlas", reason: Reason(.notEnough, "It has 2 of 4 devices for request a100-1."),
                    devices: [
                        DeviceFit(
                            device: id("41:00.0"), request: "a100-1", reason: Reason(.held, "VM trainer-01 has it."),
                            holder: "trainer-01"),
                        DeviceFit(
                            device: id("42:00.0"), request: "a100-1",
                            reason: Reason(.held, "It is reserved for system slurm/job-17."), holder: "slurm/job-17",
                            until: now + 3_600_000),
                    ]),
                HostFit(host: "borealis", alike: 2, reason: Reason(.cordoned, "It is cordoned.")),
            ],
            fixes: [
                Relaxation(
                    .count(request: "a100-1", 2), "Ask for 2 instead of 4 of pool a100.",
                    command: "patchbay claim create night --pool a100 --count 2"),
                Relaxation(
                    .release(claim: "job-17", holder: "slurm/job-17", until: now + 3_600_000), "Release claim job-17.",
                    command: "patchbay claim release job-17"),
            ]), { ($0.address.description, nil) })

    private static func id(_ address: String) -> DeviceID { try! DeviceID("atlas/\(address)") }

    private static func decision(_ address: String, request: String, expiresAt: Int? = nil) -> ClaimDecision {
        let unit = DeviceUnit(primary: id(address).address, companions: [], bridges: [])
        return ClaimDecision(
            host: "atlas", units: [AllocatedUnit(request: request, pool: "a100", unit: unit)], at: now - 3_600_000,
            expiresAt: expiresAt)
    }

    private static func claim(_ claim: Claim, position: Int? = nil) -> API.Claim {
        let devices = claim.decision.map { API.ClaimDevice.all(of: $0, { _ in ("A100 PCIe 80GB", nil) }) } ?? []
        return API.Claim(claim, standing: API.Claim.Standing(devices: devices, position: position), revision: 9)
    }
}

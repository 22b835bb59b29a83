import PatchbayCore

@testable import PatchbayAPI

extension Fleet {
    /// A VM's, one of a system with a lease, and a reservation that waits.
    static let claims: [API.Claim] = [
        claim(
            Claim(
                id: "c-1", owner: .vm("trainer-01"), requests: [Request(name: "a100-1", target: .pool("a100"))],
                state: .attached(decision("41:00.0")), createdAt: now - 90_000)),
        claim(
            Claim(
                id: "job-17", owner: ClaimOwner(kind: .system, name: "slurm/job-17", tenant: "vision"),
                requests: [Request(name: "a100-1", target: .pool("a100"))], terms: ClaimTerms(leaseSeconds: 14_400),
                state: .allocated(decision("42:00.0", expiresAt: now + 3_600_000)), createdAt: now - 60_000)),
        claim(
            Claim(
                id: "night", owner: ClaimOwner(kind: .reservation, name: "night", tenant: "speech"),
                requests: [
                    Request(name: "a100-1", target: .pool("a100"), count: 4, numa: .required, topology: .sameSwitch)
                ],
                terms: ClaimTerms(
                    hosts: HostConstraint(labels: ["zone": "a"]), priority: 5, waits: true),
                createdAt: now - 30_000), position: 1),
    ]

    /// Four are wanted; two are held.
    static let refusal = API.Explanation(
        Explanation(
            hosts: [
                HostFit(
                    host: "atlas", reason: Reason(.notEnough, "Request a100-1 cannot be served."),
                    devices: [
                        DeviceFit(
                            device: id("41:00.0"), request: "a100-1", reason: Reason(.held, "VM trainer-01 has it."),
                            holder: "trainer-01"),
                        DeviceFit(
                            device: id("42:00.0"), request: "a100-1",
                            reason: Reason(.held, "It is reserved for system slurm/job-17."), holder: "slurm/job-17",
                            until: now + 3_600_000),
                        DeviceFit(
                            device: id("43:00.0"), request: "a100-1",
                            reason: Reason(
                                .blocked,
                                "It shares IOMMU group 17 with 43:00.1, which the host uses (interface enp67s0f1 has an address)."
                            )),
                    ]
                        + (1...30).map {
                            let address = "\($0 < 16 ? "0" : "")\(String($0, radix: 16)):00.0"
                            return DeviceFit(
                                device: id(address), request: "a100-1",
                                reason: Reason(.topology, "It fits, but 4 below one switch are needed."))
                        }),
                HostFit(
                    host: "borealis", alike: 9950,
                    reason: Reason(.cordoned, "Host is cordoned.")),
            ],
            fixes: [
                PlacementFix(
                    .release(claim: "job-17", holder: "slurm/job-17", until: now + 3_600_000),
                    "End claim job-17 of slurm/job-17.", commands: [.releaseClaim("job-17")]),
                PlacementFix(.count(request: "a100-1", 1), "Ask for 1 instead of 4 of pool a100."),
                PlacementFix(
                    .uncordon(host: "borealis"), "Uncordon host borealis.",
                    commands: [.uncordonHost("borealis")]),
            ]), describe)

    static let success = API.Explanation(
        Explanation(
            decision: decision("41:00.0"),
            scores: [PlacementScore("free-left", 1, "1 free device is left on atlas.")],
            hosts: [
                HostFit(
                    host: "atlas", reason: nil,
                    devices: [DeviceFit(device: id("41:00.0"), request: "a100-1", reason: nil)]),
                HostFit(host: "borealis", reason: Reason(.labels, "It does not have zone=a.")),
            ]), describe)

    private static func describe(_ id: DeviceID) -> (name: String, reservation: String?) {
        (devices.first { $0.id == id.description }?.name ?? id.key.description, nil)
    }

    private static func id(_ address: String) -> DeviceID { try! DeviceID("atlas/\(address)") }

    private static func decision(_ address: String, expiresAt: Int? = nil) -> ClaimDecision {
        let unit = DeviceUnit(primary: id(address).key, companions: [], bridges: [])
        return ClaimDecision(
            host: "atlas", units: [AllocatedUnit(request: "a100-1", pool: "a100", unit: unit)], at: now - 60_000,
            expiresAt: expiresAt)
    }

    private static func claim(_ claim: Claim, position: Int? = nil) -> API.Claim {
        let devices = claim.decision.map { API.ClaimDevice.all(of: $0, describe) } ?? []
        return API.Claim(claim, standing: .init(devices: devices, position: position), revision: 8)
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

extension Demo {
    /// Four are wanted and two are held.
    static let atlasExplanation = API.Explanation(
        Explanation(
            hosts: [
                HostFit(
                    host: "atlas", reason: Reason(.notEnough, "It has 0 of 4 devices for request a100-1."),
                    devices: [
                        DeviceFit(
                            device: id("41:00.0"), request: "a100-1", reason: Reason(.held, "VM trainer-01 has it."),
                            holder: "trainer-01"),
                        DeviceFit(
                            device: id("42:00.0"), request: "a100-1",
                            reason: Reason(.held, "It is reserved for system slurm/job-17."), holder: "slurm/job-17",
                            until: now + 3_600_000),
                        DeviceFit(
                            device: id("c1:00.0"), request: nil,
                            reason: Reason(.notInPool, "It is not in pool a100.")),
                    ]),
                HostFit(host: "borealis", alike: 2, reason: Reason(.cordoned, "It is cordoned.")),
            ],
            fixes: [
                PlacementFix(
                    .count(request: "a100-1", 1), "Ask for 1 instead of 4 of pool a100."),
                PlacementFix(.numa(request: "a100-1", .preferred), "Prefer one NUMA node instead of requiring it."),
                PlacementFix(
                    .release(claim: "job-17", holder: "slurm/job-17", until: now + 3_600_000),
                    "Release claim job-17 of system slurm/job-17.", commands: [.releaseClaim("job-17")]),
                PlacementFix(
                    .release(claim: "c-1", holder: "trainer-01", until: nil), "Stop VM trainer-01.",
                    commands: [.stopVM("trainer-01")]),
                PlacementFix(
                    .uncordon(host: "borealis"), "Uncordon borealis.",
                    commands: [.uncordonHost("borealis")]),
            ]), describe)

    /// What a claim that is served is told.
    static func explanation(of claim: API.Claim) -> API.Explanation {
        guard let host = claim.host else { return atlasExplanation }
        var answer = API.Explanation(
            Explanation(
                scores: [
                    PlacementScore("numa-distance", 0, "All devices are on the guest's node."),
                    PlacementScore("free-left", 2, "2 free devices are left on \(host), fewer than anywhere else."),
                ],
                hosts: [
                    HostFit(host: host, reason: nil),
                    HostFit(host: "borealis", reason: Reason(.notEnough, "It has no device of the pool.")),
                ]), describe)
        answer.fits = true
        answer.host = host
        answer.devices = claim.devices
        answer.seat = claim.seat
        return answer
    }

    /// Asks for as many free devices as the pool has; where they do not suffice, says how many there are.
    func explanation(of draft: API.ClaimDraft) -> API.Explanation {
        var units: [AllocatedUnit] = []
        for request in draft.requests {
            let pool = devices.filter { $0.pools.contains(request.pool ?? "") }
            let free = pool.filter { $0.state == .free }.prefix(request.count ?? 1)
            guard free.count == request.count ?? 1 else {
                return API.Explanation(lack(request, free.count, of: pool), Self.describe)
            }
            units += free.map {
                AllocatedUnit(
                    request: request.name ?? "", pool: request.pool,
                    unit: DeviceUnit(primary: try! DeviceKey($0.address), companions: [], bridges: []))
            }
        }
        return API.Explanation(
            Explanation(
                decision: ClaimDecision(host: "atlas", units: units),
                scores: [PlacementScore("free-left", 1, "1 free device is left on atlas.")],
                hosts: [HostFit(host: "atlas", reason: nil)]), Self.describe)
    }

    private func lack(_ request: API.RequestDraft, _ free: Int, of pool: [API.Device]) -> Explanation {
        let name = request.name ?? ""
        let count = request.count ?? 1
        return Explanation(
            hosts: [
                HostFit(
                    host: "atlas",
                    reason: Reason(.notEnough, "It has \(free) of \(count) devices for request \(name)."),
                    devices: pool.map { device in
                        DeviceFit(
                            device: try! DeviceID(device.id), request: name,
                            reason: device.state == .free ? nil : Reason(.held, device.reason), holder: device.vm)
                    })
            ],
            fixes: free == 0
                ? []
                : [
                    PlacementFix(
                        .count(request: name, free),
                        "Ask for \(free) instead of \(count) of pool \(request.pool ?? "").")
                ])
    }

    private static func describe(_ id: DeviceID) -> (name: String, reservation: String?) {
        (atlasDevices.first { $0.id == id.description }?.briefName ?? id.key.description, nil)
    }
}

import PatchbayCore

@testable import PatchbayAPI

extension Fleet {
    /// Where something is otherwise, somebody is concerned; where VMs are asked about, some of them fit.
    static func outlook(of question: API.WhatIf) -> API.Outlook {
        let isOtherwise = question.changes?.isEmpty == false
        return API.Outlook(
            changes: isOtherwise ? ["Host atlas is removed."] : [], impacts: isOtherwise ? impacts : [],
            room: question.guest.map { _ in room(wanted: question.count ?? 0) },
            pools: [
                API.PoolOutlook(name: "a100", now: capacity(free: 12), then: capacity(free: isOtherwise ? 8 : 12))
            ],
            differences: question.changes?.contains { $0.policy != nil } == true
                ? [API.Difference(kind: "pool", name: "a100", action: .change, lines: ["- one", "+ other"])] : [],
            findings: isOtherwise
                ? [
                    API.Finding(
                        code: "strangers-left", severity: .warning, subject: "atlas",
                        sentence: "atlas has guests that Patchbay does not manage: builder.",
                        next: ["Move them with the tool that created them."])
                ] : [])
    }

    private static let impacts = [
        API.Impact(
            .lost, owner: API.ClaimOwner(kind: .vm, name: "trainer-01"), claim: "c-1", host: "atlas",
            reason: API.Reason(
                code: .notEnough, sentence: "Request a100-1 needs 4 of pool a100; only 2 of them are available here."),
            fixes: [
                API.Fix(
                    PlacementFix(
                        .uncordon(host: "borealis"), "Uncordon host borealis.",
                        commands: [.uncordonHost("borealis")]))
            ]),
        API.Impact(
            .stuckAtRestart, owner: API.ClaimOwner(kind: .system, name: "slurm/job-17"), claim: "job-17",
            host: "borealis", reason: API.Reason(code: .notEnough, sentence: "It is not available here.")),
        API.Impact(
            .moves, owner: API.ClaimOwner(kind: .vm, name: "trainer-02"), claim: "c-2", host: "atlas",
            newHost: "borealis", devices: [device("borealis/0000:41:00.0"), device("borealis/0000:42:00.0")]),
        API.Impact(
            .restarts, owner: API.ClaimOwner(kind: .vm, name: "web-01"), host: "borealis", newHost: "borealis",
            devices: [device("borealis/0000:43:00.0")]),
        API.Impact(
            .served, owner: API.ClaimOwner(kind: .reservation, name: "night"), claim: "night", newHost: "borealis"),
        API.Impact(.startable, owner: API.ClaimOwner(kind: .vm, name: "batch"), host: "borealis", newHost: "borealis"),
    ]

    private static func device(_ name: String) -> API.ClaimDevice {
        API.ClaimDevice(
            try! DeviceID(name), name: "A100",
            unit: AllocatedUnit(
                request: "a100-1", pool: "a100",
                unit: DeviceUnit(primary: try! DeviceID(name).key, companions: [], bridges: [])))
    }

    private static func room(wanted: Int) -> API.Room {
        API.Room(
            wanted: wanted, placed: min(wanted, 17),
            hosts: wanted > 0
                ? [API.HostShare(host: "atlas", guests: 16), API.HostShare(host: "borealis", guests: 1)] : [],
            more: wanted > 0 ? 0 : 10_000, isMore: wanted == 0,
            reason: wanted > 17
                ? API.Reason(code: .memory, sentence: "borealis has 1024 MiB left for guests; 32768 MiB are requested.")
                : nil,
            fixes: wanted > 17 ? [API.Fix(PlacementFix(.memory(MiB: 1024), "Request 1024 MiB of memory."))] : [],
            largest: API.LargestGuest(
                host: "borealis", pool: "a100", count: 4, vcpus: 56, memoryMiB: 491_520, devices: []))
    }

    private static func capacity(free: Int) -> API.PoolCapacity {
        API.PoolCapacity(
            PoolCapacity(
                pool: "a100", lendable: 32, free: free,
                hosts: [.init(free: 0, hosts: 2), .init(free: 2, hosts: free / 4), .init(free: 3, hosts: 2)],
                sizes: [
                    .init(size: 1, fit: free, onOneNode: free, onOneSwitch: 4, whenEmpty: 32),
                    .init(size: 2, fit: free / 2 - 1, onOneNode: free / 4, onOneSwitch: 0, whenEmpty: 16),
                    .init(size: 8, fit: 0, onOneNode: 0, onOneSwitch: 0, whenEmpty: 4),
                ]))
    }
}

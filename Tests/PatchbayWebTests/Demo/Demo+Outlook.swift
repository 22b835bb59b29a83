import PatchbayCore

@testable import PatchbayAPI

extension Demo {
    static let atlasProfiles = [
        Wire.value(
            API.Profile.self,
            [
                "name": "trainer", "description": "", "vcpus": 8, "memoryMiB": 32768, "requests": [Any](),
                "revision": 1,
            ])
    ]

    /// Where something is otherwise, everybody is concerned; where VMs are asked about, 17 of them fit, none with more than
    /// eight devices.
    func outlook(of question: API.WhatIf) -> API.Outlook {
        let isOtherwise = question.changes?.isEmpty == false
        let shown = pools.map(\.name).filter { question.pools?.contains($0) ?? true }
        return API.Outlook(
            changes: (question.changes ?? []).map(Self.sentence), impacts: isOtherwise ? impacts : [],
            room: question.guest.map { Self.room(for: $0, wanted: question.count ?? 0) },
            pools: shown.filter { !isOtherwise || $0 == pools.first?.name }.map {
                API.PoolOutlook(
                    name: $0, now: Self.capacity($0, free: 12), then: Self.capacity($0, free: isOtherwise ? 8 : 12))
            },
            findings: isOtherwise
                ? [
                    API.Finding(
                        Finding(
                            "strangers-left", .warning, subject: "atlas",
                            "atlas has guests that Patchbay does not manage: legacy-db.",
                            next: ["Move them with the tool that created them."]))
                ] : [])
    }

    private static func sentence(_ change: API.ScenarioChange) -> String {
        if let host = change.hostGone { return "Host \(host) is removed." }
        if let host = change.drain { return "Host \(host) is drained: everything on it has to move." }
        if let device = change.deviceGone { return "\(device) is gone." }
        return "Groups are others."
    }

    private var impacts: [API.Impact] {
        let trainer = vms.last?.name ?? "trainer-01"
        return [
            API.Impact(
                .lost, owner: API.ClaimOwner(kind: .vm, name: trainer), claim: "c-1", host: "atlas",
                reason: API.Reason(
                    code: .notEnough,
                    sentence: "Request a100-1 needs 4 of pool a100; only 2 of them are available here."),
                fixes: [
                    Self.fix(
                        .uncordon(host: "borealis"), "Uncordon host borealis.", [.uncordonHost("borealis")]),
                    Self.fix(.count(request: "a100-1", 2), "Ask for 2 instead of 4 of pool a100."),
                ]),
            API.Impact(
                .stuckAtRestart, owner: API.ClaimOwner(kind: .vm, name: "cad-07"), host: "atlas",
                reason: API.Reason(code: .notEnough, sentence: "Request ada-1 needs 1 of pool ada; there is none.")),
            API.Impact(
                .moves, owner: claims.dropFirst().first?.owner ?? API.ClaimOwner(kind: .system, name: "job"),
                claim: "job-17", host: "atlas", newHost: "borealis", devices: claims.dropFirst().first?.devices ?? []),
            API.Impact(
                .served, owner: API.ClaimOwner(kind: .reservation, name: "night"), claim: "night", newHost: "borealis"),
        ]
    }

    private static func fix(_ change: PlacementFix.Change, _ sentence: String, _ commands: [Command] = []) -> API.Fix {
        API.Fix(PlacementFix(change, sentence, commands: commands))
    }

    private static func room(for guest: API.GuestShape, wanted: Int) -> API.Room {
        let most = (guest.requests ?? []).contains { $0.count ?? 1 > 8 } ? 0 : 17
        let placed = min(wanted, most)
        var fixes = [fix(.memory(MiB: 1024), "Ask for 1 GiB of memory.")]
        if let request = guest.requests?.first?.name {
            fixes.append(fix(.count(request: request, 1), "Ask for 1 device."))
        }
        return API.Room(
            wanted: wanted, placed: placed,
            hosts: [API.HostShare(host: "atlas", guests: placed / 2 + placed % 2)].filter { $0.guests > 0 }
                + [API.HostShare(host: "borealis", guests: placed / 2)].filter { $0.guests > 0 },
            more: max(0, most - wanted), isMore: false,
            reason: wanted > most
                ? API.Reason(code: .memory, sentence: "borealis has 1024 MiB left for guests; 32768 MiB are requested.")
                : nil,
            fixes: wanted > most ? fixes : [],
            largest: API.LargestGuest(
                host: "borealis", pool: "a100", count: 4, vcpus: 56, memoryMiB: 491_520,
                devices: atlasClaims.first?.devices ?? []))
    }

    private static func capacity(_ pool: String, free: Int) -> API.PoolCapacity {
        API.PoolCapacity(
            PoolCapacity(
                pool: pool, lendable: 32, free: free,
                hosts: [
                    .init(free: 0, hosts: free == 12 ? 5 : 7), .init(free: 1, hosts: 2),
                    .init(free: 2, hosts: free / 4),
                    .init(free: 4, hosts: free == 12 ? 1 : 0),
                ],
                sizes: [
                    .init(size: 1, fit: free, onOneNode: free, onOneSwitch: 4, whenEmpty: 32),
                    .init(size: 2, fit: free / 2 - 1, onOneNode: free / 4, onOneSwitch: 0, whenEmpty: 16),
                    .init(size: 4, fit: free == 12 ? 1 : 0, onOneNode: 0, onOneSwitch: 0, whenEmpty: 8),
                    .init(size: 8, fit: 0, onOneNode: 0, onOneSwitch: 0, whenEmpty: 4),
                ]))
    }
}

import PatchbayCore

@testable import PatchbayAPI

extension Fleet {
    static let profile = API.Profile(
        name: "trainer", description: "Two cards below one switch", vcpus: 16, memoryMiB: 65536, pin: .core,
        hugepages: "1G", cells: 1,
        requests: [
            .init(
                name: "a100-1", pool: "a100", count: 2, isOptional: true, numa: .required, groupPolicy: .isolate,
                topology: .sameSwitch, tags: ["physical_network": "lan"])
        ], revision: 9)

    /// What a server answers to a policy that creates, changes and deletes.
    static let policyChange = API.Change(
        dryRun: true, message: "The policy would be applied: 1 created, 1 changed, 1 deleted, 1 unchanged.",
        subject: "policy",
        findings: [
            Finding(
                "held-outside-pool", .warning, subject: "atlas/0000:41:00.0",
                "atlas/41:00.0 is no longer in pool a100, but trainer-01 holds it and keeps it until it stops.",
                next: ["To release it now:  patchbay vm stop trainer-01"])
        ],
        differences: [
            .init(
                kind: "pool", name: "nics", action: .create,
                lines: ["+ pool: nics", "+ class: network", "+ prepare: on-demand", "+ rules: []"]),
            .init(
                kind: "pool", name: "a100", action: .change,
                lines: ["  rules:", "    - name: cards", "-     where: vendor=10de", "+     where: id=10de:20b5"]),
            .init(kind: "pool", name: "kept", action: .unchanged, lines: []),
            .init(kind: "profile", name: "old", action: .delete, lines: ["- profile: old", "- vcpus: 2"]),
        ])

    static let policyUnchanged = API.Change(
        dryRun: true, message: "Nothing changes.", subject: "policy",
        differences: [.init(kind: "pool", name: "a100", action: .unchanged, lines: [])])
}

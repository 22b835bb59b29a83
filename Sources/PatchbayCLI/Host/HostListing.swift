import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// How hosts are listed.
enum HostListing {
    static func make(now: Int) -> Listing<API.Host> {
        Listing(
            columns: [
                Column("host") { Cell($0.name) },
                Column("ready", values: ["yes", "no"]) {
                    HostReadiness($0).isReady ? Cell("yes", .green) : Cell("no", .red)
                },
                Column("iommu") { Cell($0.readiness.iommu.rawValue) },
                Column("vfio", isWide: true) { Cell(vfio($0.readiness)) },
                Column("devices", shrinks: true) { Cell(CountWords.states($0.deviceCounts)) },
                Column("agent", settled: { $0.agent.isConnected ? "connected" : "lost" }) {
                    Cell(agent($0.agent, now: now))
                },
                Column("settings", shrinks: true) { Cell(settings($0.settings).joined(separator: ", ")) },
                Column("inventory", settled: { _ in "" }) { Cell($0.inventoryAt.map { TimeWords.ago($0, now: now) }) },
                Column("cpus", .right, isWide: true) { Cell($0.cpuCount) },
                Column("memory", .right, isWide: true) { Cell($0.memoryMiB.map(SizeWords.mebibytes)) },
                Column("kernel", isWide: true) { Cell($0.kernel) },
                Column("distribution", isWide: true) { Cell($0.distribution) },
            ],
            mark: {
                HostReadiness($0).isReady && !$0.settings.isCordoned ? .done : .attention
            },
            name: { $0.name },
            empty: [
                "No hosts yet.", "next  Run the agent on a host:  patchbay agent --server URL --token-file FILE",
            ])
    }

    static func vfio(_ readiness: API.Readiness) -> String {
        if readiness.vfioLoaded { return "loaded" }
        switch readiness.vfioAvailable {
        case true?: return "available, loaded on demand"
        case false?: return "missing"
        case nil: return "unknown"
        }
    }

    /// `cordoned`, `pinned`, `zone=a`: what an operator said of it.
    static func settings(_ settings: API.HostSettings) -> [String] {
        let flags = [settings.isCordoned ? "cordoned" : nil, settings.isPinned ? "pinned" : nil]
        return flags.compactMap { $0 } + settings.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    static func agent(_ agent: API.AgentState, now: Int) -> String {
        if agent.isConnected { return "connected" }
        return agent.lastSeenAt.map { "lost \(TimeWords.ago($0, now: now))" } ?? "never seen"
    }
}

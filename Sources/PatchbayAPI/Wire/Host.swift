import PatchbayCore

extension API {
    package struct Host: Codable, Hashable, Sendable {
        package var name: String
        package var kernel: String?
        package var distribution: String?
        package var cpuCount: Int?
        package var memoryMiB: Int?
        package var numaNodes: [Int]
        package var readiness: Readiness
        /// Why it is not ready and what to do; empty when it is.
        package var findings: [Finding]
        package var agent: AgentState
        /// What an operator says of it.
        package var settings: HostSettings
        /// Devices by state; every state is a key.
        package var deviceCounts: [String: Int]
        package var inventoryDigest: String
        package var inventoryAt: Int?
        package var revision: Int
    }

    package struct Readiness: Codable, Hashable, Sendable {
        package var iommu: PatchbayCore.Readiness.IOMMU
        package var vfioLoaded: Bool
        package var vfioAvailable: Bool?
        /// Nothing that the doctor examines fails.
        package var isReady: Bool
        /// What the doctor says, in one sentence.
        package var headline: String?
        /// How many of the doctor's checks warn.
        package var warnings: Int?
    }

    package struct AgentState: Codable, Hashable, Sendable {
        package var isConnected: Bool
        package var lastSeenAt: Int?
        package var version: String?
    }

    package struct Finding: Codable, Hashable, Sendable {
        package var code: String
        package var severity: PatchbayCore.Finding.Severity
        package var subject: String
        package var sentence: String
        package var next: [String]
    }

    /// One screen: everything at a glance.
    package struct Status: Codable, Hashable, Sendable {
        package var version: String
        package var hosts: [Host]
        package var deviceCounts: [String: Int]
        package var vmCounts: [String: Int]
        package var findings: [Finding]
        package var revision: Int
    }
}

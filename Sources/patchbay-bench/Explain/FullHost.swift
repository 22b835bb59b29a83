import Foundation
import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore

/// A control plane with one host all of whose devices are lent, three to each claim.
struct FullHost {
    let claims: Int
    private let plane: ControlPlane
    private static let name = "colossus"

    init(devices: Int) async throws {
        let plane = ControlPlane(
            store: MemoryStore(), now: { Int(Date().timeIntervalSince1970 * 1000) },
            newID: { String(UInt64.random(in: 0...UInt64.max), radix: 36) },
            logger: Logger(label: "patchbay-bench", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await plane.report(
            AgentProtocol.Report(
                inventory: try Self.inventory(devices), domains: [], agentVersion: AgentProtocol.version),
            host: Self.name)
        let rule = API.Rule(
            name: "vfs", conditions: [API.Condition(field: "name", comparison: "~", value: "Virtual.*n$")])
        _ = try await plane.createPool(
            API.PoolDraft(name: "vfs", preparation: .onDemand, rules: [rule]), dryRun: false)
        claims = (devices + 2) / 3
        for number in 0..<claims {
            let count = min(3, devices - 3 * number)
            _ = try await plane.createClaim(Self.draft("job-\(number)", count), dryRun: false)
        }
        self.plane = plane
    }

    private static func draft(_ name: String, _ count: Int) -> API.ClaimDraft {
        API.ClaimDraft(
            owner: API.ClaimOwner(kind: .system, name: name), requests: [API.RequestDraft(pool: "vfs", count: count)])
    }

    func beRefused(_ number: Int) async throws {
        do throws(Problem) { _ = try await plane.createClaim(Self.draft("late-\(number)", 4), dryRun: false) } catch {
            guard error.code == .noFit else { throw error }
            return
        }
        throw Problem(.failed, "The claim was served, so the host was not full.")
    }

    /// How long somebody waits for a device's page while so many claims are refused, in milliseconds, one after the other;
    /// and how many seconds all refusals took.
    func waits(behind crowd: Int) async throws -> (waits: [Double], seconds: Double) {
        let clock = ContinuousClock()
        let begun = clock.now
        let refusals = Task {
            try await withThrowingTaskGroup { group in
                for number in 0..<crowd { group.addTask { try await beRefused(number) } }
                try await group.waitForAll()
            }
            return clock.now
        }
        let asking = Task {
            var waits: [Double] = []
            while !Task.isCancelled {
                let begun = clock.now
                _ = try await plane.device("\(Self.name)/01:00.0")
                waits.append((clock.now - begun).microseconds / 1000)
                await Task.yield()
            }
            return waits
        }
        let end = try await refusals.value
        asking.cancel()
        return (try await asking.value, (end - begun).microseconds / 1e6)
    }

    private static func inventory(_ count: Int) throws -> Inventory {
        var functions: [PCIFunction] = []
        var groups: [IOMMUGroup] = []
        for index in 0..<count {
            let text = "0000:\((1 + index / 256).hex(2)):\((index / 8 % 32).hex(2)).\(index % 8)"
            let address = try PCIAddress(text)
            functions.append(
                PCIFunction(
                    address: address, id: PCIID(vendor: 0x15b3, device: 0x101e), deviceClass: PCIClass(0x020000),
                    vendorName: "Mellanox Technologies", deviceName: "ConnectX Family mlx5Gen Virtual Function",
                    driver: "mlx5_core", iommuGroup: IOMMUGroupID(index), numaNode: NUMANode(index % 2),
                    headerType: 0, resetMethods: ["flr"], topologyPath: "pci0000:00/01.0/\(address)",
                    details: PCIDetails(
                        serials: [DeviceSerial(.mac, "00:15:17:00:\((index / 256).hex(2)):\((index % 256).hex(2))")])))
            groups.append(IOMMUGroup(id: IOMMUGroupID(index), members: [address]))
        }
        return Inventory(
            host: HostFacts(name: name, kernel: "6.8.0", cpuCount: 64, memoryMiB: 262_144, numaNodes: [NUMANode(0)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: groups)
    }
}

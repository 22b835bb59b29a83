import PatchbayAPI
import PatchbayCore
import PatchbayStore

@testable import PatchbayServer

/// What no kernel tells, and an agent may: lists out of order, twice the same key, empty ones, names of what is not there.
enum ReportShape: String, Codable, CaseIterable, Sendable {
    case functionsBackwards, groupsBackwards, oneAddressTwice, oneGroupTwice, emptyGroup, groupOfStrangers
    case groupsShareAMember, groupWithAMemberTwice, functionOfNoGroup, childOfNobody, childOfItself, childOfItsChild
    case emptyCores, coresShareACPU, oneNodeTwice, nodesBackwards, usesOfNothing, pathsBelowEachOther, noPaths
    case oneGuestTwice, guestsShareADevice, oneUSBDeviceTwice

    func report() -> AgentProtocol.Report {
        var report = FullReport.report
        change(&report.inventory)
        change(&report.domains)
        return report
    }

    private func change(_ inventory: inout Inventory) {
        let stranger = SampleHost.address("99:00.0")
        switch self {
        case .functionsBackwards: inventory.functions.reverse()
        case .groupsBackwards: inventory.groups.reverse()
        case .oneAddressTwice:
            let index = inventory.index(of: SampleHost.gpuA) ?? 0
            var other = inventory.functions[index]
            other.topologyPath += "/00.0"
            inventory.functions.insert(other, at: index + 1)
        case .oneGroupTwice: inventory.groups.insert(inventory.groups[1], at: 1)
        case .emptyGroup: inventory.groups[1].members = []
        case .groupOfStrangers: inventory.groups[1].members.append(stranger)
        case .groupsShareAMember: inventory.groups[0].members.append(SampleHost.gpuA)
        case .groupWithAMemberTwice: inventory.groups[3].members += inventory.groups[3].members
        case .functionOfNoGroup: inventory.groups.remove(at: 1)
        case .childOfNobody: setRole(.virtual(parent: stranger, index: 0), of: SampleHost.gpuA, in: &inventory)
        case .childOfItself: setRole(.virtual(parent: SampleHost.gpuA, index: 0), of: SampleHost.gpuA, in: &inventory)
        case .childOfItsChild:
            setRole(.virtual(parent: SampleHost.gpuB, index: 0), of: SampleHost.gpuA, in: &inventory)
            setRole(.virtual(parent: SampleHost.gpuA, index: 0), of: SampleHost.gpuB, in: &inventory)
        case .oneUSBDeviceTwice: inventory.usb += inventory.usb
        case .usesOfNothing: inventory.hostUses[stranger] = []
        case .pathsBelowEachOther:
            for index in inventory.functions.indices.dropFirst() {
                inventory.functions[index].topologyPath = inventory.functions[index - 1].topologyPath + "/00.0"
            }
        case .noPaths: for index in inventory.functions.indices { inventory.functions[index].topologyPath = "" }
        case .emptyCores, .coresShareACPU, .oneNodeTwice, .nodesBackwards: change(&inventory.survey)
        case .oneGuestTwice, .guestsShareADevice: break
        }
    }

    private func change(_ survey: inout HostSurvey?) {
        guard var cells = survey?.platform.numaCells else { return }
        if self == .nodesBackwards { cells.reverse() }
        if self == .oneNodeTwice { cells += cells }
        for index in cells.indices {
            if self == .emptyCores { cells[index].cores.insert([], at: 0) }
            if self == .coresShareACPU { cells[index].cores += cells[index].cores }
        }
        survey?.platform.numaCells = cells
    }

    private func change(_ domains: inout [Domain]) {
        if self == .oneGuestTwice { domains.append(domains[0]) }
        guard self == .guestsShareADevice else { return }
        for index in domains.indices { domains[index].liveDevices = [SampleHost.gpuB.key] }
    }

    private func setRole(_ role: PCIRole, of address: PCIAddress, in inventory: inout Inventory) {
        guard let index = inventory.index(of: address) else { return }
        inventory.functions[index].role = role
    }
}

/// A server with a pool, and a guest that wants whole cores of its own, that hears of a host in some shape.
struct ShapedHost {
    private let store = MemoryStore()

    /// The shape comes as a report.
    func hear(_ shape: ReportShape) async throws {
        let plane = try await prepared()
        var report = shape.report()
        report.domains.append(Self.guest)
        try await plane.report(report, host: FullReport.host)
        try await ask(plane)
    }

    /// An earlier server has stored the shape.
    func load(_ shape: ReportShape) async throws {
        _ = try await prepared()
        var report = shape.report()
        report.domains.append(Self.guest)
        var commit = Commit()
        try commit.put(report.inventory, of: FullReport.host, in: Fleet())
        try commit.put(StateKey.domains(FullReport.host), report.domains)
        _ = try await store.commit(commit.writes, if: [])
        try await ask(ControlPlane.forTest(store, prefix: "u"))
    }

    private static var guest: Domain {
        var guest = SampleHost.domain("cores")
        guest.isManaged = true
        return guest
    }

    private func prepared() async throws -> ControlPlane {
        let plane = ControlPlane.forTest(store)
        let report = FullReport.report
        let agent = ScriptedAgent(plane, report.inventory, domains: report.domains)
        try await agent.report()
        _ = try await plane.makePassthrough(
            API.PassthroughRequest(
                devices: ["41:00.0", "c1:00.0"], pool: "gpus", create: API.PoolDraft(preparation: .onDemand)),
            dryRun: false)
        _ = try await plane.editHost(FullReport.host, API.HostSettingsDraft(isPinned: true), dryRun: false)
        _ = try await plane.createVM(
            API.VMDraft(
                name: "cores", host: FullReport.host, vcpus: 1, memoryMiB: 512, disk: "/d.qcow2", pin: .core),
            dryRun: false)
        try await agent.work()
        return plane
    }

    /// Everything that is made of the host.
    private func ask(_ plane: ControlPlane) async throws {
        try await FullReport.ask(plane)
        for name in ["41:00.0", "42:00.0", "c1:00.0"] { _ = try? await plane.device("atlas/\(name)") }
        _ = try? await plane.explainVM("cores")
        _ = try? await plane.startVM("cores", dryRun: true)
        _ = try? await plane.startVM("cores", dryRun: false)
        _ = try? await plane.prepareDevices(["c1:00.0"], dryRun: false)
        _ = try await plane.plans(host: nil)
    }
}

import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// Everything here runs against a real kernel, the real vfio-pci, the real libvirt and the real agent, in one emulated host.
@Suite(
    .enabled(if: LabSession.isWanted, "the emulated lab is left out; set PATCHBAY_LAB=1"), .serialized, .lab,
    .timeLimit(.minutes(60)))
struct `The emulated lab` {
    var session: LabSession {
        get throws { try #require(LabSession.current) }
    }

    // MARK: The host itself

    @Test func `runs commands with their own input, output and status`() async throws {
        let host = try session.host
        let input = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let echoed = try await host.run(["sh", "-c", "md5sum; echo words >&2; exit 7"], input: input)
        #expect(echoed.status == 7)
        #expect(echoed.errors == "words\n")
        #expect(echoed.output.hasSuffix("-\n"))
        #expect(try await host.run(["sh", "-c", "kill -9 $$"]).status == 137)
        #expect(try await host.run(["no-such-program"]).status == 127)
    }

    @Test func `ends commands whose time is over, and all they started`() async throws {
        let host = try session.host
        let answer = try await host.run(["sh", "-c", "sleep 987 & sleep 987"], limit: .seconds(1))
        #expect(answer.status == 124)
        #expect(try await host.run(["pgrep", "-f", "^sleep 987"]).status == 1)
    }

    @Test func `answers every command that comes right after another`() async throws {
        let host = try session.host
        for _ in 0..<150 { #expect(try await host.run(["true"], limit: .seconds(5)).status == 0) }
    }

    @Test func `has the IOMMU groups and NUMA nodes that it was described with`() async throws {
        let session = try session
        let devices = try await session.service.devices(API.DeviceQuery(host: session.host.name))
        for group in session.host.description.expected.groups {
            let wanted = try Set(group.map { try session.address($0).description })
            let first = try #require(devices.first { wanted.contains($0.address) })
            let members = devices.filter { $0.iommuGroup == first.iommuGroup && !$0.isBridge }.map(\.address)
            #expect(Set(members) == wanted)
        }
        for (id, node) in session.host.description.expected.numaNodes {
            let address = try session.address(id).description
            #expect(devices.first { $0.address == address }?.numaNode == node)
        }
    }

    // MARK: Devices go into a guest and come back

    @Test(.requirements("V1", "V27", "V31", "V32", "V39", "P1", "P3", "H5"))
    func `lends a plain function: an NVMe disk`() async throws {
        let listing = try await visit(["sparenvme"])
        #expect(listing.contains { $0.hasPrefix("NVME") && $0.contains("serial=SPARE") && $0.hasSuffix("dma=ok") })
        let session = try session
        let content = try await session.host.firstBytes(ofDiskAt: session.address("sparenvme").description)
        #expect(content.hasPrefix("SPARE-NVME-DATA"), "the disk works again through the host's own driver")
    }

    @Test(.requirements("V40", "P2", "H2", "H3", "N1"))
    func `lends a device that no driver wants, and it works by DMA in the guest`() async throws {
        let listing = try await visit(["accelerator0"])
        #expect(listing.contains { $0.hasPrefix("EDU") && $0.contains("factorial=ok") && $0.hasSuffix("dma=ok") })
    }

    @Test(.requirements("V16", "V18", "C6"))
    func `lends both functions of a card when one is asked for`() async throws {
        let listing = try await visit(["card.display"], companions: ["card.entropy"])
        #expect(listing.contains { $0.contains("1af4:1050") })
        #expect(listing.contains { $0.contains("1af4:1044") })
    }

    @Test(.requirements("V44", "N4", "N25"))
    func `lends a virtual function of a network card`() async throws {
        let listing = try await visit(["sriovnic.1"])
        #expect(listing.contains { $0.contains("8086:10ca") })
        #expect(try await session.driver("sriovnic") == "igb")
    }

    @Test(.requirements("N25"))
    func `lends a virtual function of a disk, and it works by DMA in the guest`() async throws {
        let listing = try await visit(["sharednvme.1"])
        #expect(listing.contains { $0.hasPrefix("NVME") && $0.hasSuffix("dma=ok") })
    }

    // MARK: No, with reasons

    @Test(.requirements("V8", "V11", "P4", "D2"))
    func `refuses the disk under the root file system, with the chain`() async throws {
        let problem = try await refusal(of: "systemnvme")
        #expect(problem.code == .hostCritical)
        let story = ([problem.detail] + problem.evidence).joined(separator: "\n")
        #expect(story.contains("nvme"))
        #expect(story.contains(try session.address("systemnvme").description))
    }

    @Test(.requirements("V10", "C1"))
    func `refuses the card that carries the default route, with the chain`() async throws {
        let problem = try await refusal(of: "lan0")
        #expect(problem.code == .hostCritical)
        let story = ([problem.detail] + problem.evidence).joined(separator: "\n")
        #expect(story.contains("default route"))
        #expect(story.contains(try session.address("lan0").description))
    }

    @Test(.requirements("V17", "V39", "N5", "C21"))
    func `refuses a device that another VM holds, and says which`() async throws {
        let session = try session
        try await withVM("holder", lending: ["accelerator1"]) {
            try await session.applied(session.service.startVM("holder", dryRun: false))
            try await session.applied(session.service.createVM(probe("latecomer"), dryRun: false))
            let wish = API.AttachRequest(device: try session.name("accelerator1"))
            let problem = await #expect(throws: Problem.self) {
                _ = try await session.service.attach(wish, to: "latecomer", dryRun: false)
            }
            let found = try #require(problem)
            #expect(found.code == .deviceTaken)
            #expect(([found.detail] + found.evidence).joined().contains("holder"))
            try await session.applied(session.service.deleteVM("latecomer", dryRun: false))
            try await session.applied(session.service.stopVM("holder", API.PowerRequest(force: true), dryRun: false))
        }
    }

    // MARK: Crashes

    @Test(.requirements("D8", "C30"), arguments: [0, 2, 5])
    func `brings a plan to an end after the agent was killed in the middle`(afterSteps count: Int) async throws {
        let session = try session
        let lent = ["sparenvme", "card.display", "card.entropy"]
        let before = try await session.drivers(lent)
        try await withVM("crash\(count)", lending: ["sparenvme", "card.display"]) {
            let change = try await session.service.startVM("crash\(count)", dryRun: false)
            let plan = try #require(change.plans.first)
            try await Observation.until(.seconds(120), "\(count) steps are done", every: .milliseconds(20)) {
                () async throws(Problem) in
                let now = try await session.service.plan(plan.id)
                return now.isOver || now.steps.count(where: { $0.status == "done" }) >= count && now.phase != "queued"
            }
            try await session.host.killAgent()
            try await session.host.startAgent()
            let end = try await PlanObservation(service: session.service).end(of: plan.id)
            #expect(["applied", "rolled-back"].contains(end.phase), "\(String(describing: end.problem))")
            if end.phase == "applied" {
                for id in lent { #expect(try await session.driver(id) == "vfio-pci") }
                try await session.applied(
                    session.service.stopVM("crash\(count)", API.PowerRequest(force: true), dryRun: false))
            }
            #expect(try await session.drivers(lent) == before)
        }
    }

    // MARK: Steps of the scenarios

    /// Lends devices to a probe guest by a pool, checks the host's side, and returns what the guest listed.
    private func visit(_ ids: [String], companions: [String] = []) async throws -> [String] {
        let session = try session
        let all = ids + companions
        let before = try await session.drivers(all)
        let vm = "visit-\(ids[0].filter { $0.isLetter || $0.isNumber })"
        return try await withVM(vm, lending: ids) {
            try await session.applied(session.service.startVM(vm, dryRun: false))
            for id in all { #expect(try await session.driver(id) == "vfio-pci", "\(id) while the guest has it") }
            let listing = try await LabGuest.listing(of: vm, service: session.service, within: .seconds(180))
            for id in all {
                let device = try await session.service.device(session.name(id))
                #expect(listing.contains { $0.contains("\(device.vendorID):\(device.deviceID)") }, "\(id) in the guest")
                #expect(device.vm == vm)
            }
            try await session.applied(
                session.service.stopVM(vm, API.PowerRequest(timeoutSeconds: 60), dryRun: false))
            #expect(try await session.drivers(all) == before, "every device is back on its own driver")
            return listing
        }
    }

    /// A probe guest that asks for `ids` through a pool of that name; both are gone afterwards.
    func withVM<Value>(
        _ vm: String, lending ids: [String], _ body: () async throws -> Value
    ) async throws -> Value {
        let session = try session
        let request = API.PassthroughRequest(
            devices: try ids.map(session.name), pool: vm, create: API.PoolDraft(name: vm, preparation: .onDemand))
        _ = try await session.service.makePassthrough(request, dryRun: false)
        try await session.applied(session.service.createVM(probe(vm), dryRun: false))
        let wish = API.AttachRequest(pool: vm, count: ids.count)
        try await session.applied(session.service.attach(wish, to: vm, dryRun: false))
        let value = try await body()
        try await session.applied(session.service.deleteVM(vm, dryRun: false))
        try await session.applied(session.service.deletePool(vm, dryRun: false))
        return value
    }

    /// A guest that lists what it has and stays.
    func probe(_ vm: String) throws -> API.VMDraft {
        API.VMDraft(
            name: vm, host: try session.host.name, vcpus: 1, memoryMiB: 64, kernel: LabGuest.probeKernel,
            commandLine: "hold")
    }

    private func refusal(of id: String) async throws -> Problem {
        let session = try session
        let request = API.PassthroughRequest(
            devices: [try session.name(id)], pool: "no", create: API.PoolDraft(name: "no"))
        let problem = await #expect(throws: Problem.self) {
            _ = try await session.service.makePassthrough(request, dryRun: false)
        }
        return try #require(problem)
    }
}

import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

extension `The emulated lab` {
    /// On NUMA node 1, which has one CPU.
    private static let device = "accelerator1"

    @Test(.requirements("O33", "O34", "OX6", "C16"))
    func `ties a guest to the CPU and memory beside its device, and QEMU's threads run there`() async throws {
        let session = try session
        let pool = API.PassthroughRequest(
            devices: [try session.name(Self.device)], pool: "near", create: API.PoolDraft(preparation: .onDemand))
        _ = try await session.service.makePassthrough(pool, dryRun: false)
        try await create("seated", cpus: 1)
        let wish = API.AttachRequest(pool: "near", numa: .required)
        try await session.applied(session.service.attach(wish, to: "seated", dryRun: false))
        let early = try await session.patchbay("vm", "start", "seated", expecting: 4)
        #expect(early.text.contains("is not set to pinned"), "\(early.text)")

        try await session.patchbay("host", "set", session.host.name, "--pinned")
        do { try await startSeated() } catch {
            try await session.patchbay("host", "set", session.host.name, "--no-pinned")
            throw error
        }
        try await session.patchbay("host", "set", session.host.name, "--no-pinned")
        try await session.applied(session.service.deleteVM("seated", dryRun: false))
        try await session.applied(session.service.deletePool("near", dryRun: false))
    }

    private func startSeated() async throws {
        let session = try session
        let service = session.service
        try await session.patchbay("vm", "start", "seated")
        let claim = try #require(try await service.claims(API.ClaimQuery(owner: "seated")).first)
        let cell = try #require(claim.seat?.cells.first)
        #expect(claim.seat?.cells.count == 1)
        #expect(cell.node == 1, "where its device is")
        #expect(cell.cpus == [1])
        #expect(claim.devices.map(\.device) == [try session.name(Self.device)])
        try await compareDefinition(with: cell)
        try await compareThreads(with: cell)

        try await create("latecomer", cpus: 2)
        let refused = try await session.patchbay("vm", "start", "latecomer", expecting: 4)
        #expect(refused.text.contains("1 hardware thread left"), "\(refused.text)")
        try await session.applied(service.deleteVM("latecomer", dryRun: false))
        try await session.applied(service.stopVM("seated", API.PowerRequest(force: true), dryRun: false))
        #expect(try await service.claims(API.ClaimQuery(owner: "seated")).isEmpty)
    }

    /// What libvirt runs is what the seat says.
    private func compareDefinition(with cell: API.SeatCell) async throws {
        let xml = try await session.host.shell("virsh dumpxml seated")
        for part in [
            "<vcpupin vcpu='0' cpuset='\(cell.cpus[0])'/>", "<emulatorpin cpuset='\(cell.cpus[0])'/>",
            "<memory mode='strict' nodeset='\(cell.node)'/>",
            "<memnode cellid='0' mode='strict' nodeset='\(cell.node)'/>",
        ] { #expect(xml.contains(part), "\(part) is not in \(xml)") }
    }

    /// What the host's kernel says of the guest's threads and memory.
    private func compareThreads(with cell: API.SeatCell) async throws {
        let script = """
            cd /proc/$(cat /run/libvirt/qemu/seated.pid)
            for thread in task/*; do
                echo "$(cat $thread/comm)=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' $thread/status)"
            done
            """
        let threads = try await session.host.shell(script).split(separator: "\n").map(String.init)
        print("lab: threads of the seated guest: \(threads.joined(separator: ", "))")
        let processors = threads.filter { $0.hasPrefix("CPU ") }
        #expect(processors.count == 1, "\(threads)")
        #expect(processors.allSatisfy { $0.hasSuffix("=\(cell.cpus[0])") }, "\(threads)")
        #expect(threads.allSatisfy { $0.hasSuffix("=\(cell.cpus[0])") }, "\(threads)")
        let memory = try await session.host.shell(
            "grep -c 'bind[^ ]*:\(cell.node) ' /proc/$(cat /run/libvirt/qemu/seated.pid)/numa_maps")
        #expect((Int(memory.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > 0, "no memory is tied to the node")
    }

    /// A probe guest whose CPUs are its own, made as a person would.
    private func create(_ vm: String, cpus: Int) async throws {
        try await session.patchbay(
            "vm", "create", vm, "--host", session.host.name, "--cpus", "\(cpus)", "--memory", "64", "--kernel",
            LabGuest.probeKernel, "--append", "hold", "--pin", "thread")
    }
}

import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

extension `The emulated lab` {
    @Test(.requirements("V17", "V32", "V39", "D14"))
    func `keeps a pool's last device for another system's claim, and serves who waits when it ends`() async throws {
        let session = try session
        let service = session.service
        let vm = "claimant"
        let lent = try session.name("accelerator0")
        let driver = try await session.driver("accelerator0")
        try await withVM(vm, lending: ["accelerator0"]) {
            try await session.patchbay(
                "claim", "create", "--system", "slurm/job-17", "--id", "job-17", "--pool", vm)
            #expect(try await service.device(lent).state == .allocated)
            #expect(try await session.driver("accelerator0") == driver, "a claim alone moves nothing")

            let refused = try await session.patchbay("vm", "start", vm, expecting: 4)
            #expect(refused.text.contains("slurm/job-17"), "\(refused.text)")
            #expect(try await service.vm(vm).state == .shutOff)

            // Its turn comes with the end of the first, and its own lease ends by itself.
            try await session.patchbay(
                "claim", "create", "--system", "slurm/job-18", "--id", "job-18", "--pool", vm, "--wait", "--lease",
                "8s")
            #expect(try await service.claim("job-18").position == 1)
            try await session.patchbay("claim", "release", "job-17")
            let served = try await self.served("job-18")
            #expect(served.devices.map(\.device) == [lent])
            try await Observation.until(.seconds(30), "the lease of job-18 is over") { () async throws(Problem) in
                try await service.claims(API.ClaimQuery()).isEmpty
            }

            try await session.patchbay("vm", "start", vm)
            #expect(try await session.driver("accelerator0") == "vfio-pci")
            let listing = try await LabGuest.listing(of: vm, service: service, within: .seconds(180))
            #expect(listing.contains { $0.hasPrefix("EDU") && $0.hasSuffix("dma=ok") })
            let late = try await session.patchbay(
                "claim", "create", "--system", "slurm/job-19", "--id", "job-19", "--pool", vm, expecting: 4)
            #expect(late.text.contains(vm), "\(late.text)")
            try await session.patchbay(
                "claim", "create", "--system", "slurm/job-19", "--id", "job-19", "--pool", vm, "--wait")
            try await session.applied(service.stopVM(vm, API.PowerRequest(force: true), dryRun: false))
            #expect(try await self.served("job-19").devices.map(\.device) == [lent])
            #expect(try await session.driver("accelerator0") == driver)
            try await session.patchbay("claim", "release", "job-19")
            #expect(try await service.device(lent).state == .free)
        }
    }

    /// The claim, once its turn has come.
    private func served(_ id: String) async throws -> API.Claim {
        let service = try session.service
        try await Observation.until(.seconds(30), "claim \(id) is served") { () async throws(Problem) in
            try await service.claim(id).phase == .allocated
        }
        return try await service.claim(id)
    }
}

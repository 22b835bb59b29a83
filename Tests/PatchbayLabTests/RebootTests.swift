import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

extension `The emulated lab` {
    @Test(.requirements("D8"))
    func `a host that is reset comes back with its journal, its VMs and its settings, and the server tells what is so`()
        async throws
    {
        let session = try session
        let (host, service) = (session.host, session.service)
        let (vm, lent) = ("survivor", "sparenvme")
        let device = try session.name(lent)
        let own = try await session.driver(lent)
        try await withVM(vm, lending: [lent]) {
            try await session.applied(service.prepareDevices([device], dryRun: false))
            #expect(try await session.driver(lent) == "vfio-pci")
            try await host.shell("echo dummy >/etc/modules-load.d/lab.conf; sync")
            let journal = try await host.shell("cat /var/lib/patchbay/journal*")

            let (before, start) = (try await host.bootID(), Date())
            try await host.shell("(sleep 0.3; echo b >/proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &")
            try await host.waitForBoot(after: before)
            try await Lab.waitForReports(of: [host.name], since: start, from: service)

            #expect(try await host.bootID() != before)
            #expect(try await host.shell("cat /var/lib/patchbay/journal*").hasPrefix(journal), "the journal goes on")
            #expect(try await host.shell("virsh list --all --name").contains(vm))
            #expect(try await host.shell("cat /proc/modules").contains("dummy "))
            for id in session.addresses.keys.sorted() {
                let told = try await service.device(session.name(id))
                #expect(try await session.driver(id) == told.driver, "\(id) as the server tells it")
            }
            #expect(try await session.driver(lent) == own, "a binding does not outlive its boot")
            #expect(try await service.vm(vm).state == .shutOff)

            try await session.applied(service.startVM(vm, dryRun: false))
            #expect(try await session.driver(lent) == "vfio-pci")
            try await session.applied(service.stopVM(vm, API.PowerRequest(force: true), dryRun: false))
            #expect(try await session.driver(lent) == "vfio-pci", "it was prepared by hand, to stay there")
            try await session.applied(service.releaseDevices([device], dryRun: false))
            #expect(try await session.driver(lent) == own)
            try await host.shell("rm /etc/modules-load.d/lab.conf; sync")
        }
    }
}

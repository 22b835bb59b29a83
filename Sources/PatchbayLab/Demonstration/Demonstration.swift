import PatchbayAPI
import PatchbayCore

/// What `patchbay lab demo` shows on a lab that is up: devices of an emulated host go into a Linux guest and come back,
/// through the same service that the command line and the pages use.
package struct Demonstration: Sendable {
    let service: any PatchbayService
    let host: LabHost
    let narrator: Narrator

    /// A disk that the host has a driver for, and an accelerator that it has none for.
    private static let lent = ["sparenvme", "accelerator0"]
    private static let vm = "showcase"

    package init(service: any PatchbayService, host: LabHost, narrator: Narrator) {
        self.service = service
        self.host = host
        self.narrator = narrator
    }

    /// Shows everything; throws `.failed` at the first thing that is not as it must be.
    package func run() async throws(Problem) {
        let addresses = try await host.addresses()
        let before = try await inventory()
        try await refusals(addresses)
        let devices = try await lend(addresses)
        try await createVM()
        try await start()
        try await showFromInside(devices)
        try await stop()
        try await compare(devices, before)
    }

    /// The host's devices, once its agent has reported them.
    private func inventory() async throws(Problem) -> [API.Device] {
        narrator.stage("the agent in \(host.name) reports what the host has")
        try await Observation.until(.seconds(180), "the agent of \(host.name) has reported") {
            () async throws(Problem) in
            do throws(Problem) {
                let seen = try await service.host(host.name)
                return seen.agent.isConnected && !seen.deviceCounts.values.allSatisfy { $0 == 0 }
            } catch {
                guard error.code == .unknownHost else { throw error }
                return false
            }
        }
        let devices = try await service.devices(API.DeviceQuery(host: host.name))
        let groups = Set(devices.compactMap(\.iommuGroup))
        narrator.say("\(devices.count) PCI functions in \(groups.count) IOMMU groups; those on NUMA nodes:")
        for device in devices where !device.isBridge && device.numaNode != nil { narrator.row(device) }
        return devices
    }

    private func refusals(_ addresses: [String: PCIAddress]) async throws(Problem) {
        narrator.stage("what the host itself needs is refused, with the reason")
        for id in [host.description.rootDisk, host.description.defaultRoute].compactMap({ $0 }) {
            let device = try name(id, addresses)
            do throws(Problem) {
                let request = API.PassthroughRequest(
                    devices: [device], pool: "no", create: API.PoolDraft(name: "no"))
                _ = try await service.makePassthrough(request, dryRun: true)
            } catch {
                guard error.code.category == .refused else { throw error }
                narrator.problem(error)
                continue
            }
            throw Problem(.failed, "\(device) was not refused, and the host needs it.")
        }
    }

    private func lend(_ addresses: [String: PCIAddress]) async throws(Problem) -> [API.Device] {
        narrator.stage("two devices are made available: a pool, and a rule for each")
        var devices: [API.Device] = []
        for id in Self.lent { devices.append(try await service.device(name(id, addresses))) }
        let draft = API.PoolDraft(name: "showcase", description: "Devices of the demo", preparation: .onDemand)
        let request = API.PassthroughRequest(devices: devices.map(\.id), pool: "showcase", create: draft)
        narrator.say(try await service.makePassthrough(request, dryRun: false).message)
        for device in devices { narrator.row(device) }
        return devices
    }

    private func createVM() async throws(Problem) {
        narrator.stage("a VM is defined, and asks the pool for two devices")
        let draft = API.VMDraft(
            name: Self.vm, host: host.name, vcpus: 1, memoryMiB: 192, kernel: LabGuest.linuxKernel,
            initrd: LabGuest.linuxInitramfs, commandLine: LabGuest.linuxCommandLine + " lab.after=watch")
        try await follow(service.createVM(draft, dryRun: false))
        let wish = API.AttachRequest(pool: "showcase", count: Self.lent.count)
        try await follow(service.attach(wish, to: Self.vm, dryRun: false))
    }

    private func start() async throws(Problem) {
        narrator.stage("the VM starts: devices move to vfio-pci, step by step, each with its way back")
        try await follow(service.startVM(Self.vm, dryRun: false))
    }

    private func showFromInside(_ devices: [API.Device]) async throws(Problem) {
        narrator.stage("the guest boots, emulated inside the emulated host (a minute or so), and says what it has")
        let listing = try await LabGuest.listing(of: Self.vm, service: service, within: .seconds(600))
        for line in listing where !line.contains(" class=06") { narrator.quote(line) }
        for device in devices {
            guard listing.contains(where: { $0.contains("\(device.vendorID):\(device.deviceID)") }) else {
                throw Problem(.failed, "The guest does not see \(device.id).", evidence: listing)
            }
            narrator.row(try await service.device(device.id))
        }
    }

    private func stop() async throws(Problem) {
        narrator.stage("the VM stops: its devices go back")
        try await follow(service.stopVM(Self.vm, API.PowerRequest(timeoutSeconds: 120), dryRun: false))
    }

    private func compare(_ devices: [API.Device], _ before: [API.Device]) async throws(Problem) {
        narrator.stage("and the host has them as before")
        for device in devices {
            let wanted = before.first { $0.id == device.id }?.driver
            var now = device
            // The plan is over a moment before the host's new inventory is in.
            try await Observation.until(.seconds(60), "\(device.id) is on \(wanted ?? "no driver") again") {
                () async throws(Problem) in
                now = try await service.device(device.id)
                return now.driver == wanted && now.state == .free
            }
            narrator.row(now)
        }
        guard let disk = devices.first(where: { $0.driver == "nvme" }) else { return }
        narrator.say("its disk reads in the host again: \(try await host.firstBytes(ofDiskAt: disk.address))")
    }

    private func follow(_ change: API.Change) async throws(Problem) {
        narrator.say(change.message)
        for plan in change.plans {
            let ended = try await PlanObservation(service: service).end(of: plan.id) { narrator.step($0) }
            if let problem = ended.problem {
                throw Problem(
                    .failed, "The plan \"\(ended.title)\" ended as \(ended.phase): \(problem.detail)",
                    evidence: problem.evidence, next: problem.next.map { NextStep($0) }, cause: problem.cause)
            }
        }
    }

    private func name(_ id: String, _ addresses: [String: PCIAddress]) throws(Problem) -> String {
        guard let address = addresses[id] else {
            throw Problem(
                .unknownDevice, "The host \(host.name) has no \(id).",
                next: ["Show the demo on the host description that comes with the lab: --describe rich."])
        }
        return "\(host.name)/\(address)"
    }
}

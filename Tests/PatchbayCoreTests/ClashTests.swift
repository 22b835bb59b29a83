import PatchbayCore
import PatchbayText
import Testing

@Suite struct `Clashes over a device` {
    private func domain(
        _ name: String, _ state: Domain.State = .running, live: [PCIAddress] = [], defined: [PCIAddress] = []
    ) -> Domain {
        Domain(
            name: name, uuid: name, state: state, liveDevices: live.map(\.key),
            definedDevices: (defined + live).map(\.key))
    }

    private func clashes(
        _ domains: [Domain] = [], pools: [Pool] = [], _ change: (inout Inventory) -> Void = { _ in }
    ) -> [Finding] {
        var inventory = SampleHost.inventory()
        change(&inventory)
        return SampleHost.view(Usage(domains: domains, pools: pools), of: inventory).clashes
    }

    @Test func `are told of two running guests with one function`() throws {
        let both = [domain("twin-b", live: [SampleHost.a100]), domain("twin-a", live: [SampleHost.a100])]
        let finding = try #require(clashes(both + [domain("alone", live: [SampleHost.idle])]).first)
        #expect(clashes(both).count == 1)
        #expect(finding.code == "device-in-several-vms")
        #expect(finding.severity == .problem)
        #expect(finding.subject == "atlas/0000:41:00.0")
        #expect(finding.sentence == "VMs twin-a and twin-b have 41:00.0 at the same time, but only one VM can use it.")
        #expect(
            finding.next.lines.dropFirst() == [
                "Remove it from the definition of twin-a:  sudo virsh edit twin-a",
                "Remove it from the definition of twin-b:  sudo virsh edit twin-b",
            ])
        let three = clashes(both + [domain("third", .paused, live: [SampleHost.a100])])
        #expect(
            three.map(\.sentence) == [
                "VMs third, twin-a and twin-b have 41:00.0 at the same time, but only one VM can use it."
            ]
        )
    }

    @Test func `are told of a function that the host does not show`() throws {
        let unseen = SampleHost.address("01:00.0")
        let both = [domain("a", live: [unseen]), domain("b", live: [unseen])]
        #expect(clashes(both).map(\.subject) == ["atlas/0000:01:00.0"])
    }

    @Test(arguments: [
        [("a", Domain.State.running, true), ("b", .shutOff, false)], [("a", .shutOff, false), ("b", .shutOff, false)],
    ]) func `are none where guests can take turns`(_ guests: [(String, Domain.State, Bool)]) {
        let domains = guests.map { name, state, isLive in
            domain(name, state, live: isLive ? [SampleHost.a100] : [], defined: [SampleHost.a100])
        }
        #expect(clashes(domains).isEmpty)
    }

    @Test func `are none over one function that a definition names twice`() {
        #expect(clashes([domain("a", live: [SampleHost.a100, SampleHost.a100])]).isEmpty)
    }

    @Test func `are told where another guest has what a claim gave`() throws {
        var usage = Usage(domains: [domain("intruder", live: [SampleHost.a100])])
        usage.give([SampleHost.a100], to: "owner")
        let finding = try #require(SampleHost.view(usage).clashes.first)
        #expect(finding.code == "device-in-other-vm")
        #expect(finding.sentence == "VM intruder is running with 41:00.0, which is allocated to VM owner.")
        #expect(finding.next.lines.first == "Remove it from the definition of intruder:  sudo virsh edit intruder")
        #expect(finding.next.lines.contains { $0.hasSuffix(":  patchbay vm stop intruder") })
        usage.domains.append(domain("owner", live: [SampleHost.a100]))
        let both = SampleHost.view(usage).clashes.first { $0.code == "device-in-several-vms" }
        #expect(both?.next.lines.contains("Detach it from owner:  patchbay detach atlas/41:00.0 --from owner") == true)
        usage.domains = [domain("owner", live: [SampleHost.a100])]
        #expect(SampleHost.view(usage).clashes.isEmpty)
        usage.domains = [domain("before", live: [SampleHost.a100])]
        usage.claims["claim-owner"]?.enter(Claim.State.allocated)
        #expect(SampleHost.view(usage).clashes.isEmpty, "it is about to be handed over")
    }

    @Test(arguments: [
        (
            Domain.State.running, HostUse.Severity.critical, Finding.Severity.problem,
            "is running with 00:17.0, and the host needs"
        ),
        (.shutOff, .inUse, .warning, "will get 00:17.0 at its next start, and the host uses"),
    ])
    func `are told where a guest names what the host uses`(
        _ state: Domain.State, _ use: HostUse.Severity, _ severity: Finding.Severity, _ verb: String
    ) throws {
        let domains = [domain("web", state, live: state.isOn ? [SampleHost.sata] : [], defined: [SampleHost.sata])]
        let found = clashes(domains) { $0.hostUses[SampleHost.sata]?[0].severity = use }
        #expect(found.map(\.code) == ["vm-names-host-device"])
        #expect(found.first?.severity == severity)
        #expect(found.first?.sentence.hasPrefix("VM web \(verb) it (") == true)
        #expect(found.first?.sentence.contains("/ → sda2 → sda → 0000:00:17.0") == true)
    }

    @Test func `say of a running guest what it will get at its next start only`() {
        let found = clashes([domain("web", .running, defined: [SampleHost.sata])])
        #expect(found.first?.sentence.hasPrefix("VM web will get 00:17.0 at its next start, ") == true)
    }

    @Test func `are a warning where a person may take the device on purpose`() {
        let found = clashes([domain("desktop", .shutOff, defined: [SampleHost.gpu])]) { inventory in
            inventory.hostUses[SampleHost.gpu] = [HostUse(.bootDisplay, .critical, chain: ["c1:00.0"])]
        }
        #expect(found.map(\.severity) == [.warning])
    }

    @Test(arguments: [HostUse.Severity.unknown, .dataAtRisk])
    func `are none over a device that the host does not use for sure`(_ severity: HostUse.Severity) {
        let domains = [domain("web", .shutOff, defined: [SampleHost.sata])]
        let found = clashes(domains) { $0.hostUses[SampleHost.sata]?[0].severity = severity }
        #expect(found.isEmpty)
    }

    @Test(arguments: [HostUse.Reason.holder, .vmDisk, .mediatedDevices])
    func `are none where the use is the guest's own`(_ reason: HostUse.Reason) {
        let domains = [domain("web", live: [SampleHost.idle])]
        let found = clashes(domains) { $0.hostUses[SampleHost.idle] = [HostUse(reason, .inUse, chain: ["qemu"])] }
        #expect(found.isEmpty)
    }

    @Test func `are none where the function is on VFIO, and so not the host's now`() throws {
        let found = clashes([domain("web", live: [SampleHost.sata])]) { inventory in
            guard let index = inventory.index(of: SampleHost.sata) else { return }
            inventory.functions[index].driver = "vfio-pci"
        }
        #expect(found.isEmpty)
    }

    private static let gpus = Pool(
        name: "gpus", rules: [Rule(name: "a100s", conditions: [Condition(.id, .equal, "10de:20b5")])])

    @Test(arguments: [
        ("driverctl@0000:41:00.0.service", "driverctl (/etc/driverctl.d/0000:41:00.0) binds 41:00.0 of pool gpus"),
        (
            "driverctl@pci-0000:41:00.0.service",
            "driverctl (/etc/driverctl.d/pci-0000:41:00.0) binds 41:00.0 of pool gpus"
        ),
        ("driverctl@0000:b0:00.0.service", nil), ("driverctl@nonsense.service", nil),
    ]) func `are told where driverctl binds what a pool lends`(_ unit: String, _ sentence: String?) {
        let found = clashes(pools: [Self.gpus]) { inventory in
            inventory.survey = HostSurvey(platform: HostPlatform(units: [unit: "configured"]))
        }
        #expect(found.map(\.code) == (sentence == nil ? [] : ["bound-at-boot"]))
        #expect(
            found.first?.sentence
                == sentence.map { "\($0) at every boot, so two programs choose the driver of one device." })
        #expect(
            sentence == nil
                || found.first?.next.lines == [
                    "Let Patchbay bind it instead:  sudo driverctl unset-override 0000:41:00.0"
                ])
    }

    @Test(arguments: [
        (BootFacts(running: ["quiet", "vfio-pci.ids=10de:20b5,10de:1aef"]), "of the kernel command line"),
        (BootFacts(configured: ["vfio_pci.ids=10de:20b5"], running: []), "of the kernel command line"),
        (BootFacts(moduleOptions: ["options vfio-pci disable_vga=1 ids=10de:20b5"]), "in modprobe.d"),
        (BootFacts(moduleOptions: ["options vfio_pci ids=10DE:20B5:ffffffff:ffffffff"]), "in modprobe.d"),
    ]) func `are told where ids bind what a pool lends`(_ boot: BootFacts, _ place: String) throws {
        let found = clashes(pools: [Self.gpus]) { $0.survey = HostSurvey(platform: HostPlatform(boot: boot)) }
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.code == "bound-at-boot" && finding.severity == .warning)
        #expect(finding.subject == "atlas")
        #expect(finding.sentence.contains(place))
        #expect(finding.sentence.contains("binds 2 devices, 41:00.0 the first, of pool gpus at every boot"))
        #expect(finding.next.lines == ["See how to remove it:  patchbay doctor atlas"])
    }

    @Test(arguments: [
        BootFacts(running: ["vfio-pci.ids=8086:1572"]), BootFacts(running: ["vfio-pci.ids=10de"]),
        BootFacts(running: ["vfio-pci.ids=10de:20b5:1028"]),
        BootFacts(running: ["vfio-pci.ids=10de:20b5:ffffffff:ffffffff:040300:ffff00"]),
        BootFacts(running: ["nouveau.ids=10de:20b5"]), BootFacts(moduleOptions: ["options nvidia ids=10de:20b5"]),
        BootFacts(moduleOptions: ["softdep nvidia pre: vfio-pci"]),
    ]) func `are none where other ids are bound`(_ boot: BootFacts) {
        let found = clashes(pools: [Self.gpus]) { $0.survey = HostSurvey(platform: HostPlatform(boot: boot)) }
        #expect(found.isEmpty)
    }

    @Test func `are none over devices of no pool`() {
        let boot = BootFacts(running: ["vfio-pci.ids=10de:20b5"])
        let found = clashes { $0.survey = HostSurvey(platform: HostPlatform(boot: boot)) }
        #expect(found.isEmpty)
    }

    @Test func `are in the doctor's report with what to do`() throws {
        let found = clashes([domain("a", live: [SampleHost.a100]), domain("b", live: [SampleHost.a100])])
        let report = Doctor.examine(SampleHost.inventory(), clashes: found)
        let check = try #require(report.checks.first { $0.code == "clashes" })
        #expect(check.verdict == .warning && check.reason == "One device has two users.")
        #expect(check.evidence == found.map(\.sentence))
        #expect(check.fix.contains("Remove it from the definition of a:  sudo virsh edit a"))
        let bound = Finding("bound-at-boot", .warning, subject: "atlas/0000:42:00.0", "driverctl binds 42:00.0.")
        let two = Doctor.examine(SampleHost.inventory(), clashes: found + [bound]).checks.first { $0.code == "clashes" }
        #expect(two?.reason == "2 devices have two users each." && two?.verdict == .warning)
        let one = Doctor.examine(SampleHost.inventory(), clashes: [bound]).checks.first { $0.code == "clashes" }
        #expect(one?.verdict == .warning)
        #expect(!Doctor.examine(SampleHost.inventory()).checks.contains { $0.code == "clashes" })
    }
}

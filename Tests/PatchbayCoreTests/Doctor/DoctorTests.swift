import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `The doctor` {
    private static func inventory(
        _ iommu: Readiness.IOMMU = .active, _ change: (inout HostPlatform) -> Void = { _ in }
    ) throws -> Inventory {
        var platform = HostPlatform(
            cpu: CPULayout(vendor: "GenuineIntel", hasVirtualization: true, isGuest: false),
            boot: BootFacts(
                distribution: "debian", loader: .grub, configurationFile: "/etc/default/grub",
                configured: ["quiet"], running: ["quiet"]),
            iommu: IOMMUFacts(
                firmwareTables: ["DMAR"], units: ["dmar0"], groupCount: 1, hasInterruptRemapping: iommu == .active))
        change(&platform)
        let gpu = PCIFunction(
            address: try PCIAddress("0000:41:00.0"), id: PCIID(vendor: 0x10de, device: 0x20b5),
            deviceClass: PCIClass(0x030200), driver: "nvidia",
            iommuGroup: iommu == .active ? IOMMUGroupID(15) : nil, resetMethods: ["flr"])
        let groups = iommu == .active ? [IOMMUGroup(id: IOMMUGroupID(15), members: [gpu.address])] : []
        return Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: iommu, vfioLoaded: true, vfioAvailable: true), functions: [gpu], groups: groups,
            survey: HostSurvey(platform: platform))
    }

    private static func check(_ code: String, in inventory: Inventory) -> DoctorCheck? {
        Doctor.examine(inventory).checks.first { $0.code == code }
    }

    @Test(.requirements("N17")) func `says how many devices can be lent when all is well`() throws {
        let report = Doctor.examine(try Self.inventory())
        #expect(report.headline == "This host is ready: 1 device can be lent.")
        #expect(report.verdict < .failure)
        #expect(report.lendable == 1 && report.devices == 1)
        #expect(report.next.lines == ["Lend one:  patchbay device passthrough 41:00.0 --pool NAME --create"])
    }

    @Test(.requirements("V3", "V5", "N15")) func `asks for VT-x and VT-d in the firmware of an Intel host`() throws {
        let inventory = try Self.inventory(.offInFirmware) {
            $0.cpu.hasVirtualization = false
            $0.iommu = IOMMUFacts()
        }
        let report = Doctor.examine(inventory)
        #expect(report.headline.hasPrefix("Not ready: VT-x is off in the firmware"))
        #expect(report.checks.prefix(2).map(\.code) == ["cpu-virtualization", "iommu"])
        #expect(report.checks.prefix(2).allSatisfy { $0.verdict == .failure })
        #expect(report.checks[1].fix.lines.joined().contains("VT-d"))
    }

    @Test func `and the inventory agree whether a host is ready`() throws {
        let ready = try Self.inventory()
        #expect(ready.isReady)
        let guestless = try Self.inventory { $0.cpu.hasVirtualization = false }
        #expect(!guestless.isReady)
    }

    @Test(.requirements("V4")) func `asks for SVM and the IOMMU in the firmware of an AMD host`() throws {
        let inventory = try Self.inventory(.offInFirmware) {
            $0.cpu = CPULayout(vendor: "AuthenticAMD", hasVirtualization: false, isGuest: false)
            $0.iommu = IOMMUFacts()
        }
        #expect(Self.check("cpu-virtualization", in: inventory)?.fix.lines.joined().contains("SVM Mode") == true)
        #expect(Self.check("iommu", in: inventory)?.fix.lines.joined().contains("IOMMU, AMD-Vi") == true)
    }

    @Test(
        .requirements("V6", "V7"),
        arguments: [
            ("Dell Inc.", "System BIOS > Processor Settings"),
            ("ASUSTeK COMPUTER INC.", "System Agent (SA) Configuration"),
            ("Supermicro", "IIO Configuration"), ("HPE", "Virtualization Options"), ("LENOVO", "Devices and I/O Ports"),
            ("Micro-Star International Co., Ltd.", "OC > CPU Features"), ("Nobody knows", "PCI passthrough"),
        ])
    func `names the menus of the board's vendor, and the manual`(_ vendor: String, _ words: String) throws {
        let inventory = try Self.inventory(.offInFirmware) {
            $0.firmware = FirmwareFacts(boardVendor: vendor, boardName: "X1")
            $0.iommu = IOMMUFacts()
        }
        let fix = Self.check("iommu", in: inventory)?.fix.lines.joined(separator: "\n") ?? ""
        #expect(fix.contains(words))
        #expect(fix.contains("consult the hardware vendor's manual of \(vendor) X1"))
    }

    @Test(
        .requirements("N16"),
        arguments: [
            (BootFacts.Loader.grub, "debian", "sudo update-grub"),
            (.grub, "fedora", "sudo grub2-mkconfig -o /boot/grub2/grub.cfg"),
            (.bls, "rhel", "sudo grubby --update-kernel=ALL --args=\"intel_iommu=on\""),
            (.suse, "opensuse-leap", "sudo update-bootloader --refresh"),
            (.systemdBoot, "arch", "sudo kernel-install add"),
            (.proxmoxBoot, "debian", "sudo proxmox-boot-tool refresh"),
            (.ostree, "fedora", "sudo rpm-ostree kargs --append-if-missing=intel_iommu=on"),
        ])
    func `turns the IOMMU on in the kernel with the host's own boot loader`(
        _ loader: BootFacts.Loader, _ distribution: String, _ command: String
    ) throws {
        let inventory = try Self.inventory(.offInKernel) {
            $0.boot.loader = loader
            $0.boot.distribution = distribution
            $0.boot.configurationFile = nil
        }
        let fix = Self.check("iommu", in: inventory)?.fix.lines ?? []
        #expect(fix.contains { $0.contains(command) }, "\(fix)")
        #expect(fix.contains { $0.contains("intel_iommu=on") })
        #expect(fix.last == "Reboot the host, then check again:  patchbay doctor")
    }

    @Test func `takes out what keeps the IOMMU off instead of adding more`() throws {
        let inventory = try Self.inventory(.offInKernel) { $0.boot.running = ["quiet", "iommu=off"] }
        let check = Self.check("iommu", in: inventory)
        #expect(check?.reason.contains("started with iommu=off") == true)
        #expect(check?.fix.lines.contains { $0.contains("remove") && $0.contains("iommu=off") } == true)
        #expect(check?.fix.lines.contains { $0.contains("add it") } == false)
    }

    @Test(
        arguments: [
            (["intel_iommu=on", "intel_iommu=off"], nil, ["remove from the lines"]),
            (["quiet"], ["quiet", "intel_iommu=on"], ["If it was rebooted since, write GRUB's configuration"]),
            (
                ["intel_iommu=on,sm_on"], nil,
                ["sudo dmesg", "If the log names the firmware's table, update the firmware."]
            ),
        ] as [([String], [String]?, [String])])
    func `asks for no parameter of the IOMMU that is there already`(
        _ running: [String], _ configured: [String]?, _ steps: [String]
    ) throws {
        let inventory = try Self.inventory(.offInKernel) {
            $0.boot.running = running
            $0.boot.configured = configured ?? running
        }
        let fix = Self.check("iommu", in: inventory)?.fix.lines ?? []
        for step in steps { #expect(fix.contains { $0.contains(step) }, "\(fix)") }
        #expect(!fix.contains { $0.contains("add it") }, "\(fix)")
        #expect(fix.last == "Reboot the host, then check again:  patchbay doctor")
    }

    @Test func `tells no interrupt remapping from an IOMMU that is off`() throws {
        let inventory = try Self.inventory { $0.iommu.hasInterruptRemapping = false }
        #expect(Self.check("iommu", in: inventory)?.verdict == .pass)
        #expect(Self.check("interrupt-remapping", in: inventory)?.verdict == .failure)
        let off = try Self.inventory(.offInKernel)
        #expect(Self.check("iommu", in: off)?.verdict == .failure)
        #expect(Self.check("interrupt-remapping", in: off) == nil)
    }

    @Test func `compares what was asked for with what took effect`() throws {
        let pending = try Self.inventory { $0.boot.configured = ["quiet", "intel_iommu=on"] }
        #expect(Self.check("boot-parameters", in: pending)?.verdict == .warning)
        #expect(
            Self.check("boot-parameters", in: pending)?.fix.lines.first
                == "If it was rebooted since, write GRUB's configuration:  sudo update-grub")
        #expect(
            Self.check("boot-parameters", in: pending)?.evidence == ["in the file, but not in effect: intel_iommu=on"])
        let extra = try Self.inventory { $0.boot.running = ["quiet", "iommu=pt"] }
        #expect(Self.check("boot-parameters", in: extra)?.verdict == .note)
        #expect(Self.check("boot-parameters", in: try Self.inventory())?.verdict == .pass)
        let options = try Self.inventory {
            $0.boot.moduleOptions = ["options vfio-pci disable_idle_d3=1"]
            $0.vfio.parameters = ["vfio_pci.disable_idle_d3": "N"]
        }
        #expect(Self.check("module-options", in: options)?.verdict == .warning)
        let same = try Self.inventory {
            $0.boot.moduleOptions = ["options vfio-pci disable_idle_d3=on"]
            $0.vfio.parameters = ["vfio_pci.disable_idle_d3": "Y"]
        }
        #expect(Self.check("module-options", in: same) == nil)
    }

    @Test(.requirements("N8")) func `warns below the versions that Nova asks for`() throws {
        let inventory = try Self.inventory {
            $0.software.qemu = SoftwareVersion(4, 0)
            $0.software.libvirt = SoftwareVersion(9, 0)
        }
        #expect(Self.check("qemu", in: inventory)?.verdict == .warning)
        #expect(Self.check("libvirt", in: inventory)?.verdict == .pass)
    }

    @Test(.requirements("N41"), arguments: [(SoftwareVersion(8, 0), true), (SoftwareVersion(8, 1), false)])
    func `tells where a driver that may not clear a VLAN makes libvirt fail`(
        _ version: SoftwareVersion, _ isTold: Bool
    ) throws {
        let inventory = try Self.inventory { $0.software.libvirt = version }
        let evidence = Self.check("libvirt", in: inventory)?.evidence ?? []
        #expect(
            evidence.contains("since 8.1: virtual functions whose driver cannot clear a VLAN") == isTold,
            "\(evidence)")
    }

    @Test(arguments: ["acs-override", "unsafe-interrupts", "no-iommu-mode", "weakened-acs"])
    func `sees what makes isolation less than it looks`(_ code: String) throws {
        let inventory = try Self.inventory {
            $0.iommu.acsOverride = "downstream"
            $0.iommu.allowsUnsafeInterrupts = true
            $0.iommu.allowsNoIOMMU = true
            $0.iommu.weakenedACS = ["disable_acs_redir=0000:00:01.0"]
        }
        #expect((Self.check(code, in: inventory)?.verdict ?? .pass) >= .warning)
        #expect(Self.check(code, in: try Self.inventory()) == nil)
    }

    @Test func `says unknown where nothing was read`() throws {
        var inventory = try Self.inventory()
        inventory.survey = HostSurvey()
        #expect(Self.check("cpu-virtualization", in: inventory)?.verdict == .unknown)
        #expect(Self.check("interrupt-remapping", in: inventory)?.verdict == .unknown)
        #expect(Self.check("qemu", in: inventory)?.verdict == .unknown)
    }
}

import PatchbayCore
import PatchbayText
import Testing

/// Machines that are no plain x86 host: each has its own words, and what it does not have is not spoken of.
@Suite struct `The doctor on other machines` {
    private static func report(
        _ iommu: Readiness.IOMMU = .active, bridge vendor: UInt16? = nil, _ change: (inout HostPlatform) -> Void
    ) throws -> DoctorReport {
        var platform = HostPlatform(boot: BootFacts(distribution: "debian"))
        change(&platform)
        let card = PCIFunction(
            address: try PCIAddress("0001:01:00.0"), id: PCIID(vendor: 0x15b3, device: 0x1017),
            deviceClass: PCIClass(0x020000), iommuGroup: iommu == .active ? IOMMUGroupID(1) : nil,
            resetMethods: ["flr"],
            topologyPath: "pci0001:00/00.0/00.0")
        let bridge = PCIFunction(
            address: try PCIAddress("0001:00:00.0"), id: PCIID(vendor: vendor ?? 0, device: 1),
            deviceClass: PCIClass(0x060400), headerType: 1, topologyPath: "pci0001:00/00.0")
        let groups = iommu == .active ? [IOMMUGroup(id: IOMMUGroupID(1), members: [card.address])] : []
        return Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: iommu, vfioLoaded: true, vfioAvailable: true),
                functions: vendor == nil ? [card] : [bridge, card], groups: groups,
                survey: HostSurvey(platform: platform)))
    }

    private static func text(_ report: DoctorReport) -> String {
        ([report.headline] + report.next.lines + report.checks.flatMap { [$0.reason] + $0.evidence + $0.fix.lines })
            .joined(separator: "\n")
    }

    private static let wordsOfPCs = ["VT-d", "AMD-Vi", "VT-x", "x2APIC", "F2", "Del,", "ovmf", "qemu-system-x86"]

    @Test(
        arguments: [Architecture.mainframe, .power, .arm, .riscv, .loongarch],
        [Readiness.IOMMU.active, .offInFirmware, .offInKernel])
    func `do not read of PCs`(_ architecture: Architecture, _ iommu: Readiness.IOMMU) throws {
        let report = try Self.report(iommu) { $0.cpu = CPULayout(architecture: architecture) }
        let text = Self.text(report)
        for word in Self.wordsOfPCs { #expect(!text.contains(word), "\(word): \(text)") }
        #expect(report.checks.count { $0.code == "host-support" } == 1)
        #expect(!text.contains("Lend one"))
        #expect(report.lendable == 0 && report.checks.first { $0.code == "devices" }?.verdict == .note)
        #expect(report.checks.count { $0.reason.contains("x86-64") } == 1 && !report.headline.contains("x86-64"))
        #expect(report.next.isEmpty && report.headline.contains("does not support"), "said first, and once")
    }

    @Test(arguments: [(UInt16(0x1014), Architecture.power), (0x1def, .arm)])
    func `are known by the bridges of their board`(_ vendor: UInt16, _ architecture: Architecture) throws {
        let report = try Self.report(.offInFirmware, bridge: vendor) { _ in }
        let support = report.checks.first { $0.code == "host-support" }
        #expect(support?.reason.contains(architecture.rawValue) == true)
        #expect(!Self.text(report).contains("VT-d"))
        #expect(try Self.report(.active, bridge: 0x8086) { _ in }.checks.allSatisfy { $0.code != "host-support" })
    }

    @Test func `need no interrupt remapping where the machine keeps interrupts apart`() throws {
        let report = try Self.report {
            $0.cpu = CPULayout(architecture: .mainframe, vendor: "IBM/S390", hasVirtualization: true)
            $0.iommu.hasInterruptRemapping = true
        }
        #expect(report.isReady, "\(Self.text(report))")
        #expect(report.checks.first { $0.code == "interrupt-remapping" }?.verdict == .pass)
    }

    @Test func `say that Xen owns the IOMMU, and nothing of the firmware`() throws {
        let report = try Self.report(.hidden) {
            $0.hypervisor = .xenControl
            $0.cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel")
            $0.boot.loader = .xenServer
        }
        let text = Self.text(report)
        #expect(!report.isReady)
        #expect(report.headline.hasPrefix("Not ready: the IOMMU belongs to Xen"))
        let fix = report.checks.first { $0.code == "iommu" }?.fix.lines ?? []
        #expect(fix.contains { $0.hasSuffix("xen-cmdline --get-dom0 xen-pciback.hide") }, "the list is not replaced")
        #expect(fix.contains { $0.contains("xen-cmdline --set-dom0") } && fix.contains("Reboot the host."))
        for word in ["in the firmware", "nested virtualization", "apt install"] {
            #expect(!text.contains(word), "\(text)")
        }
        #expect(report.checks.allSatisfy { $0.code != "virtual-host" })
    }

    @Test func `call a device of Xen's guests by that name`() {
        let use = HostUse(.userSpace, .unknown, chain: ["xen-pciback", "0000:66:00.1"])
        #expect(use.sentence == "reserved for Xen guests: xen-pciback → 0000:66:00.1")
        let other = HostUse(.userSpace, .unknown, chain: ["uio_pci_generic", "0000:66:00.1"])
        #expect(other.sentence == "driver of a program: uio_pci_generic → 0000:66:00.1")
    }

    @Test(arguments: [
        (HostHypervisor.kvm, "<iommu model='intel'>"), (.hyperV, "no IOMMU that Linux can use"),
        (.vmware, "Expose IOMMU to the guest OS"), (.virtualBox, "--iommu=intel"), (.ec2, "bare-metal machine type"),
        (.googleCloud, "bare-metal machine type"), (.xen, "Xen gives its guests no IOMMU"),
        (.other, "Ask the operator of this machine's hypervisor"),
    ]) func `as guests are told what their hypervisor can do`(_ hypervisor: HostHypervisor, _ words: String) throws {
        let report = try Self.report(.offInFirmware) {
            $0.hypervisor = hypervisor
            $0.cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: false, isGuest: true)
        }
        let iommu = report.checks.first { $0.code == "iommu" }
        #expect(iommu?.verdict == .failure)
        #expect(iommu?.reason.contains("virtual machine") == true)
        #expect(iommu?.fix.lines.joined().contains(words) == true, "\(iommu?.fix.lines ?? [])")
        #expect(!Self.text(report).contains("firmware setup"))
        #expect(report.checks.contains { $0.code == "virtual-host" })
    }

    @Test func `as guests are not sent into a firmware's setup for interrupt remapping`() throws {
        let report = try Self.report {
            $0.hypervisor = .kvm
            $0.cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: true)
            $0.iommu = IOMMUFacts(firmwareTables: ["DMAR"], groupCount: 1, hasInterruptRemapping: false)
        }
        let fix = report.checks.first { $0.code == "interrupt-remapping" }?.fix.lines.joined() ?? ""
        #expect(fix.contains("intremap='on'") && !fix.contains("firmware setup"), "\(fix)")
    }

    @Test func `as guests of a hypervisor without a name are told so without one`() throws {
        let report = try Self.report(.offInFirmware) {
            $0.hypervisor = .other
            $0.cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: true)
        }
        #expect(report.headline.hasPrefix("Not ready: this virtual machine has no IOMMU"), "\(report.headline)")
        #expect(report.checks.first { $0.code == "virtual-host" }?.reason.contains("virtual machine: only") == true)
    }

    @Test func `with Arm's table are not said to have an SMMU by it`() throws {
        let report = try Self.report(.offInKernel) {
            $0.cpu = CPULayout(architecture: .arm)
            $0.iommu.firmwareTables = ["IORT"]
        }
        let iommu = report.checks.first { $0.code == "iommu" }
        #expect(iommu?.reason.contains("the firmware offers it") == false)
        #expect(iommu?.fix.lines.contains { $0.contains("SMMU, IOMMU, IO Virtualization") } == true)
    }

    @Test(arguments: [(["DMAR"], [String]()), ([], ["dmar0"])])
    func `as guests on AMD's processors may have Intel's IOMMU`(_ tables: [String], _ units: [String]) throws {
        let change = { (platform: inout HostPlatform) in
            platform.hypervisor = .kvm
            platform.cpu = CPULayout(
                architecture: .x86, vendor: "AuthenticAMD", hasVirtualization: true, isGuest: true)
            platform.boot.loader = .grub
            platform.iommu = IOMMUFacts(firmwareTables: tables, units: units, groupCount: 1)
        }
        let on = try Self.report(.active, change).checks
        #expect(on.first { $0.code == "iommu" }?.reason == "Intel VT-d is on, with 1 group.")
        #expect(on.first { $0.code == "cpu-virtualization" }?.reason == "AMD-V (SVM) is on.")
        let off = try Self.report(.offInKernel, change).checks.first { $0.code == "iommu" }
        #expect(off?.reason.contains("Intel VT-d") == true)
        #expect(off?.fix.lines.joined().contains("intel_iommu=on") == true, "\(off?.fix.lines ?? [])")
        #expect(off?.fix.lines.joined().contains("amd_iommu") == false)
    }

    @Test func `install what their distribution has for them`() throws {
        let arm = try Self.report { $0.cpu = CPULayout(architecture: .arm) }
        #expect(Self.text(arm).contains("qemu-system-arm libvirt-daemon-system qemu-efi-aarch64"))
        for (name, command) in [
            ("alpine", "sudo apk add qemu-system-x86_64 libvirt-daemon ovmf"),
            ("void", "sudo xbps-install -S qemu libvirt"),
            ("gentoo", "sudo emerge --ask app-emulation/qemu app-emulation/libvirt"),
        ] {
            let other = try Self.report {
                $0.cpu = CPULayout(architecture: .x86)
                $0.boot = BootFacts(distribution: name)
            }
            #expect(Self.text(other).contains(command), "\(name)")
        }
        let mainframe = try Self.report { $0.cpu = CPULayout(architecture: .mainframe) }
        #expect(Self.text(mainframe).contains("qemu-system-s390x libvirt-daemon-system"))
    }

    @Test(arguments: [
        (BootFacts.Loader.truenas, "TrueNAS includes QEMU"), (.steamOS, "Updates of SteamOS remove"),
        (.bootc, "RUN dnf install -y qemu-kvm libvirt edk2-ovmf"), (.harvester, "with KubeVirt"),
        (.elemental, "the image that this host is upgraded from"), (.talos, "runs only containers"),
        (.flatcar, "system extension image"), (.unraid, "Settings > VM Manager"), (.incusOS, "update IncusOS"),
    ]) func `install nothing where packages are lost or turned off`(_ loader: BootFacts.Loader, _ words: String) throws
    {
        let report = try Self.report {
            $0.boot = BootFacts(distribution: "debian", distributionFamily: ["fedora", "arch"], loader: loader)
            $0.cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true)
        }
        let fix = report.checks.first { $0.code == "qemu" }?.fix.lines ?? []
        #expect(fix.count == 1 && fix[0].contains(words), "\(fix)")
        for command in ["apt install", "sudo dnf", "rpm-ostree install"] { #expect(!fix.joined().contains(command)) }
    }
}

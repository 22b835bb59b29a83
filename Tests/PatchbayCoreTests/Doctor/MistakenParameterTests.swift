import PatchbayCore
import PatchbayText
import Testing

@Suite struct `Parameters that mean nothing` {
    private static func report(
        running: [String] = [], modules: [(file: String, line: String)] = [], vendor: String = "GenuineIntel",
        tables: [String] = [], options: [String: String] = [:]
    ) throws -> DoctorReport {
        let settings =
            [SettingLine(file: "/etc/default/grub", lineNumber: 6, setting: running.joined(separator: " "))]
            + modules.map { SettingLine(file: $0.file, lineNumber: 3, setting: $0.line) }
        let platform = HostPlatform(
            cpu: CPULayout(architecture: .x86, vendor: vendor, hasVirtualization: true, isGuest: false),
            boot: BootFacts(
                distribution: "debian", loader: .grub, configurationFile: "/etc/default/grub", configured: running,
                running: running, moduleOptions: settings.filter(\.isRead).map(\.setting), settings: settings),
            iommu: IOMMUFacts(firmwareTables: tables, groupCount: 1, hasInterruptRemapping: true),
            vfio: VFIOFacts(parameters: options))
        let gpu = PCIFunction(
            address: try PCIAddress("41:00.0"), id: PCIID(vendor: 0x10de, device: 0x1f99),
            deviceClass: PCIClass(0x030000), iommuGroup: IOMMUGroupID(15), resetMethods: ["flr"])
        return Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [gpu],
                groups: [IOMMUGroup(id: IOMMUGroupID(15), members: [gpu.address])],
                survey: HostSurvey(platform: platform)))
    }

    private static func told(_ report: DoctorReport) -> [String] {
        report.checks.first { $0.code == "mistaken-parameters" }?.evidence ?? []
    }

    @Test(arguments: [
        ("vfio-pci-ids=10de:1f99", "vfio-pci.ids"), ("vfio_pci_ids=10de:1f99", "vfio-pci.ids"),
        ("vfio-pci.id=10de:1f99", "vfio-pci has no option id"), ("vfio.ids=10de:1f99", "vfio-pci.ids"),
        ("vfiopci.ids=10de:1f99", "vfio-pci.ids"), ("intel_iomnu=on", "intel_iommu"),
        ("Intel_IOMMU=on", "intel_iommu"), ("intel_iommu=1", "intel_iommu=on"), ("intel_iommu=pt", "iommu=pt"),
        ("iommu=on", "no such value"), ("pci_acs_override=downstream", "pcie_acs_override"),
        ("allow_unsafe_interrupts=1", "vfio_iommu_type1.allow_unsafe_interrupts"),
        ("vfio_pci.allow_unsafe_interrupts=1", "belongs to vfio_iommu_type1"),
        ("kvm.nested=1", "kvm_intel.nested"), ("vfio-pci.ids=10de:ffff", "no device of this host has the id 10de:ffff"),
        ("vfio-pci.ids=41:00.0", "is an address"), ("10de:10fa,10de:1f99", "must not contain spaces"),
        ("vfio_something=1", "MODULE.NAME"),
        ("pcie_acs_override=downstream,multifuntion", "multifuntion is not one of its values"),
    ]) func `are named with what is meant and where they stand`(_ parameter: String, _ meant: String) throws {
        let told = Self.told(try Self.report(running: ["quiet", parameter]))
        #expect(told.count == 1, "\(told)")
        #expect(told.first?.hasPrefix("\(parameter) (line 6 of /etc/default/grub): ") == true, "\(told)")
        #expect(told.first?.contains(meant) == true, "\(told)")
    }

    @Test func `are taken out the way the boot loader wants it`() throws {
        let report = try Self.report(running: ["quiet", "vfio-pci-ids=10de:1f99"])
        let check = report.checks.first { $0.code == "mistaken-parameters" }
        #expect(check?.verdict == .warning)
        #expect(check?.fix.lines.contains("Write GRUB's configuration:  sudo update-grub") == true)
    }

    @Test(arguments: [
        "intel_iommu=on", "intel_iommu=on,sm_on", "iommu=pt", "iommu.passthrough=1", "iommu.strict=0", "iommu=soft",
        "vfio-pci.ids=10de:1f99", "vfio_pci.ids=10de:1f99",
        "vfio-pci.ids=10de:ffffffff:ffffffff:ffffffff:00030000:ffff00ff",
        "vfio-pci.disable_idle_d3=1", "vfio_mlx5.x=1", "hugepages=16", "hugepagesz=1G", "default_hugepagesz=1G",
        "nohugeiomap", "isolcpus=2-3", "nohz_full=2-3", "kvm.halt_poll_ns=0", "kvm-intel.nested=1", "intremap=off",
        "modprobe.blacklist=nouveau", "module_blacklist=nouveau", "blacklist=nouveau", "rd.driver.blacklist=nouveau",
        "rd.driver.pre=vfio-pci", "pcie_acs_override=downstream", "initcall_blacklist=sysfb_init",
        "amd_iommu_intr=legacy", "pcie_acs_override=downstream,multifunction,id:8086:a298",
        "root=UUID=10de", "BOOT_IMAGE=/vmlinuz", "intel_pstate=disable", "intel_idle.max_cstate=1", "video=efifb:off",
        "nvidia-drm.modeset=1", "vfio_platform.reset_required=0",
    ]) func `are not what means something, or is unknown`(_ parameter: String) throws {
        #expect(Self.told(try Self.report(running: ["quiet", parameter])).isEmpty)
    }

    @Test func `are not looked for in what the first process is told`() throws {
        #expect(Self.told(try Self.report(running: ["quiet", "--", "vfio-pci-ids=10de:1f99"])).isEmpty)
    }

    @Test(arguments: [
        ("/etc/modprobe.d/vfio.conf", "options vfio-pci id=10de:1f99", "has no option id"),
        ("/etc/modprobe.d/vfio.conf", "options vfio ids=10de:1f99", "you probably mean vfio-pci.ids"),
        ("/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:9999", "no device of this host has the id 10de:9999"),
        ("/etc/modprobe.d/vfio.conf", "options vfio-pci 10de:1f99", "need \"ids=\" before them"),
        ("/etc/modprobe.d/vfio.conf", "option vfio-pci ids=10de:1f99", "no command option"),
        ("/etc/modprobe.d/vfio.conf", "options vfio-pci.ids=10de:1f99", "has to name its module first"),
        ("/etc/modprobe.d/vfio.conf", "options vfio-cpi ids=10de:1f99", "you probably mean vfio-pci.ids"),
        ("/etc/modprobe.d/kvm.conf", "options kvm nested=1", "kvm_intel.nested"),
        ("/etc/modprobe.d/vfio", "options vfio-pci ids=10de:1f99", "end with .conf"),
        ("/etc/modprobe.conf", "options vfio-pci ids=10de:1f99", "does not read this file"),
        ("/etc/modules", "options vfio-pci ids=10de:1f99", "holds names of modules"),
        ("/etc/modules-load.d/vfio.conf", "options vfio-pci ids=10de:1f99", "holds names of modules"),
        (
            "/etc/modprobe.d/a.conf", "blacklist nouveau nvidia",
            "blacklist takes one module per line and ignores nvidia"
        ),
    ]) func `stand in modprobe.d, too`(_ file: String, _ line: String, _ meant: String) throws {
        let told = Self.told(try Self.report(modules: [(file, line)]))
        #expect(told.count == 1 && told[0].hasPrefix("\(line) (line 3 of \(file)): "), "\(told)")
        #expect(told.first?.contains(meant) == true, "\(told)")
    }

    @Test(arguments: [
        "options vfio-pci ids=10de:1f99 disable_vga=1", "softdep nouveau pre: vfio-pci", "blacklist nouveau",
        "options kvm_intel nested=1", "options kvm ignore_msrs=1", "options vfio_iommu_type1 dma_entry_limit=1",
        "alias vfio_pci off", "install nouveau /bin/false",
    ]) func `are no ordinary lines of modprobe.d`(_ line: String) throws {
        #expect(Self.told(try Self.report(modules: [("/etc/modprobe.d/a.conf", line)])).isEmpty)
    }

    @Test(arguments: [
        ("intel_iommu=on", "AuthenticAMD", true), ("intel_iommu=on", "GenuineIntel", false),
        ("amd_iommu=force_enable", "GenuineIntel", true), ("amd_iommu=on", "AuthenticAMD", true),
        ("amd_iommu=1", "AuthenticAMD", true), ("intel_iommu=1", "AuthenticAMD", true),
        ("amd_iommu=fullflush", "AuthenticAMD", false),
    ]) func `of another maker's machines are a note with their place`(
        _ parameter: String, _ vendor: String, _ isTold: Bool
    ) throws {
        let report = try Self.report(running: [parameter], vendor: vendor)
        let check = report.checks.first { $0.code == "idle-parameters" }
        #expect((check != nil) == isTold)
        #expect(Self.told(report).isEmpty, "told once")
        if isTold {
            #expect(check?.verdict == .note)
            #expect(check?.reason.contains("\(parameter) (line 6 of /etc/default/grub)") == true)
        }
    }

    @Test(arguments: [
        ("intel_iommu=on", false), ("amd_iommu=on", true), ("kvm_amd.nested=1", false), ("kvm_intel.nested=1", true),
    ]) func `are judged by the IOMMU's maker, and those of KVM by the processor's`(
        _ parameter: String, _ isTold: Bool
    ) throws {
        let report = try Self.report(running: [parameter], vendor: "AuthenticAMD", tables: ["DMAR"])
        #expect(report.checks.contains { $0.code == "idle-parameters" } == isTold)
    }

    @Test func `do not hide that unsafe interrupts are allowed on the command line and in modprobe.d`() throws {
        let parameter = "vfio_iommu_type1.allow_unsafe_interrupts=1"
        let told = try Self.report(
            running: [parameter],
            modules: [("/etc/modprobe.d/a.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=1")])
        let check = told.checks.first { $0.code == "unsafe-interrupts" }
        #expect(check?.verdict == .failure)
        let fix = check?.fix.lines.joined(separator: "\n") ?? ""
        #expect(fix.contains("remove from the lines GRUB_CMDLINE_LINUX…:  \(parameter)"))
        #expect(fix.contains("sudo update-grub"))
        #expect(fix.contains("In /etc/modprobe.d/a.conf, line 3, remove:"))
        #expect(
            try Self.report(running: ["vfio_iommu_type1.allow_unsafe_interrupts=0"]).checks
                .allSatisfy { $0.code != "unsafe-interrupts" })
    }

    @Test(
        arguments: [
            (["on"], [], true), (["1", "0"], [], false),
            (["0"], ["options vfio_iommu_type1 allow_unsafe_interrupts=1"], false),
            ([], ["options vfio_iommu_type1 allow_unsafe_interrupts"], true),
            ([], ["options vfio_iommu_type1 allow_unsafe_interrupts=1 allow_unsafe_interrupts=off"], false),
        ] as [([String], [String], Bool)]) func `allow unsafe interrupts by the last value that the kernel reads`(
            _ values: [String], _ lines: [String], _ isAllowed: Bool
        ) throws
    {
        let report = try Self.report(
            running: values.map { "vfio_iommu_type1.allow_unsafe_interrupts=\($0)" },
            modules: lines.map { ("/etc/modprobe.d/a.conf", $0) })
        #expect(report.checks.contains { $0.code == "unsafe-interrupts" } == isAllowed)
    }

    @Test func `are in the file of a boot loader that does not start the host`() throws {
        let line = SettingLine(
            file: "/etc/default/grub", lineNumber: 9,
            setting: "GRUB_CMDLINE_LINUX_DEFAULT= quiet intel_iommu=on iommu=pt")
        let boot = BootFacts(
            loader: .proxmoxBoot, configurationFile: "/etc/kernel/cmdline", configured: ["iommu=pt"],
            running: ["iommu=pt"], unread: [line])
        let cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: false)
        let report = Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
                survey: HostSurvey(platform: HostPlatform(cpu: cpu, boot: boot))))
        #expect(
            Self.told(report) == [
                "intel_iommu=on (line 9 of /etc/default/grub): GRUB does not start this host; its parameters are in"
                    + " /etc/kernel/cmdline"
            ])
        #expect(
            report.checks.first { $0.code == "mistaken-parameters" }?.fix.lines == [
                "Append to the line in /etc/kernel/cmdline:  intel_iommu=on",
                "Copy it to the boot partitions:  sudo proxmox-boot-tool refresh",
                "Remove them from /etc/default/grub, where nothing reads them.",
                "Reboot the host, then check again:  patchbay doctor",
            ])
    }

    @Test(
        arguments: [
            (.zfsBootMenu, "the property org.zfsbootmenu:commandline of the root's dataset"),
            (.unifiedImage, "its unified kernel image"), (.kernelstub, "its entries"),
        ] as [(BootFacts.Loader, String)])
    func `are told with where parameters are that no file holds`(_ loader: BootFacts.Loader, _ source: String) {
        let line = SettingLine(
            file: "/etc/default/grub", lineNumber: 9, setting: "GRUB_CMDLINE_LINUX_DEFAULT= intel_iommu=on")
        let boot = BootFacts(loader: loader, running: ["quiet"], unread: [line])
        let cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: false)
        let report = Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
                survey: HostSurvey(platform: HostPlatform(cpu: cpu, boot: boot))))
        #expect(
            Self.told(report) == [
                "intel_iommu=on (line 9 of /etc/default/grub): GRUB does not start this host; its parameters are in "
                    + "\(source)"
            ])
    }

    @Test func `are in a line that a later one replaces`() throws {
        let file = "/etc/default/grub"
        let line = { (number: Int, words: String) in
            SettingLine(file: file, lineNumber: number, setting: "GRUB_CMDLINE_LINUX_DEFAULT= \(words)")
        }
        var replaced = line(1, "quiet intel_iommu=on")
        replaced.unreadBecause = "line 3 of the same file replaces it"
        let boot = BootFacts(
            distribution: "debian", loader: .grub, configurationFile: file, configured: ["quiet"], running: ["quiet"],
            settings: [line(1, "quiet intel_iommu=on"), line(3, "quiet")], unread: [replaced])
        let cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: false)
        let report = Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
                survey: HostSurvey(platform: HostPlatform(cpu: cpu, boot: boot))))
        #expect(
            Self.told(report) == ["intel_iommu=on (line 1 of /etc/default/grub): line 3 of the same file replaces it"])
        #expect(
            report.checks.first { $0.code == "mistaken-parameters" }?.fix.lines == [
                "In /etc/default/grub add it to line 3, the last with this name:  "
                    + "GRUB_CMDLINE_LINUX_DEFAULT=\"… intel_iommu=on\"",
                "Write GRUB's configuration:  sudo update-grub",
                "Reboot the host, then check again:  patchbay doctor",
            ])
    }

    @Test(arguments: [
        "intel_iommu=off", "nointremap", "intremap=nosid", "vfio_iommu_type1.allow_unsafe_interrupts=1",
        "vfio.enable_unsafe_noiommu_mode=1", "vfio-pci.ids=10de:1f99", "pcie_acs_override=downstream",
        "kvm_intel.nested=0", "default_hugepagesz=2M",
    ]) func `are not asked for again where they were rightly replaced`(_ parameter: String) {
        let file = "/etc/default/grub"
        let words = "GRUB_CMDLINE_LINUX_DEFAULT= quiet default_hugepagesz=1G"
        let replaced = SettingLine(
            file: file, lineNumber: 1, setting: "GRUB_CMDLINE_LINUX_DEFAULT= quiet \(parameter)",
            unreadBecause: "line 3 of the same file replaces it")
        let boot = BootFacts(
            distribution: "debian", loader: .grub, configurationFile: file,
            configured: ["quiet", "default_hugepagesz=1G"], running: ["quiet", "default_hugepagesz=1G"],
            settings: [
                SettingLine(file: file, lineNumber: 1, setting: replaced.setting),
                SettingLine(file: file, lineNumber: 3, setting: words),
            ], unread: [replaced])
        let cpu = CPULayout(architecture: .x86, vendor: "GenuineIntel", hasVirtualization: true, isGuest: false)
        let report = Doctor.examine(
            Inventory(
                host: HostFacts(name: "atlas"),
                readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: [], groups: [],
                survey: HostSurvey(platform: HostPlatform(cpu: cpu, boot: boot))))
        #expect(
            Self.told(report) == ["\(parameter) (line 1 of /etc/default/grub): line 3 of the same file replaces it"])
        #expect(
            report.checks.first { $0.code == "mistaken-parameters" }?.fix.lines == [
                "Remove from line 1 of /etc/default/grub, where it has no effect:  \(parameter)"
            ])
    }

    @Test func `are lists of ids before the last one`() throws {
        let ids = ["vfio-pci.ids=10de:1f99,10de:1f99", "vfio_pci.ids=10de:1f99"]
        let told = Self.told(try Self.report(running: ids))
        #expect(
            told.count == 1 && told[0].hasPrefix("\(ids[0]) (line 6 of /etc/default/grub): a later list"), "\(told)")
        let line = "options vfio-pci ids=10de:1f99"
        let lines = Self.told(
            try Self.report(modules: [
                ("/etc/modprobe.d/a.conf", "\(line),10de:1f99 disable_vga=1"), ("/etc/modprobe.d/b.conf", line),
            ]))
        #expect(lines.count == 1 && lines[0].contains("line 3 of /etc/modprobe.d/b.conf replaces its ids"), "\(lines)")
        #expect(Self.told(try Self.report(running: [ids[0], ids[0]])).isEmpty, "the same list twice loses nothing")
    }

    @Test func `do not hide the same line where modprobe reads it`() throws {
        let line = "options vfio-pci ids=10de:1f99"
        let report = try Self.report(
            modules: [("/etc/modules", line), ("/etc/modprobe.d/vfio.conf", line)], options: ["vfio_pci.ids": "10de:1"])
        #expect(Self.told(report).count == 1)
        let takingOut = report.checks.first { $0.code == "vfio-ids" }?.fix.lines.filter { $0.hasSuffix(line) }
        #expect(takingOut == ["In /etc/modprobe.d/vfio.conf, line 3, remove:  \(line)"])
        #expect(report.checks.first { $0.code == "module-options" }?.evidence.count == 1)
    }

    @Test func `are no lists of ids that stand in two files alike`() throws {
        let line = "options vfio-pci ids=10de:1f99"
        let report = try Self.report(
            modules: [("/etc/modprobe.d/a.conf", line), ("/etc/modprobe.d/b.conf", "\(line) disable_vga=1")],
            options: ["vfio_pci.ids": "10de:1"])
        #expect(Self.told(report).isEmpty)
        #expect(
            report.checks.first { $0.code == "vfio-ids" }?.fix.lines.count { $0.contains(", line 3, remove:") } == 2)
        #expect(report.checks.first { $0.code == "module-options" }?.evidence.count == 1, "told once")
    }

    @Test func `that nothing reads allow no unsafe interrupts`() throws {
        let report = try Self.report(
            modules: [("/etc/modules", "options vfio_iommu_type1 allow_unsafe_interrupts=1")])
        #expect(report.checks.allSatisfy { $0.code != "unsafe-interrupts" })
        #expect(Self.told(report).count == 1)
    }

    @Test func `are taken out once, not again among what binds by id`() throws {
        let absent = try Self.report(running: ["vfio-pci.ids=10de:ffff"])
        #expect(Self.told(absent).count == 1)
        #expect(absent.checks.allSatisfy { $0.code != "vfio-ids" }, "it takes nothing")
        let half = try Self.report(running: ["vfio-pci.ids=10de:ffff,10de:1f99"])
        let fixes = half.checks.flatMap(\.fix.lines)
        #expect(fixes.count { $0.contains("remove from the lines GRUB_CMDLINE_LINUX") } == 1, "\(fixes)")
        #expect(half.checks.contains { $0.code == "vfio-ids" })
    }
}

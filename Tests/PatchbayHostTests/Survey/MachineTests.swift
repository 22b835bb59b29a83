import PatchbayCore
import PatchbayHost
import Testing

/// What kind of machine a tree is of, and what it runs on itself.
@Suite struct `The machine` {
    private func platform(_ files: [String: String]) throws -> HostPlatform {
        let tree = try SampleTree()
        for (path, text) in files { try tree.file(path, text) }
        return try tree.platform()
    }

    @Test(
        arguments: [
            (["proc/sys/kernel/arch": "aarch64\n"], Architecture.arm),
            (["proc/cpuinfo": "vendor_id\t: GenuineIntel\nflags\t: fpu vmx\n"], .x86),
            (["proc/cpuinfo": "vendor_id       : IBM/S390\n# processors    : 4\nfeatures\t: esan3 sie\n"], .mainframe),
            (["proc/cpuinfo": "cpu\t\t: POWER9, altivec supported\n"], .power),
            (["proc/cpuinfo": "processor\t: 0\nisa\t\t: rv64imafdc\n"], .riscv),
            (["proc/sys/kernel/osrelease": "5.14.0-427.el9.s390x\n"], .mainframe),
            (["proc/sys/kernel/osrelease": "6.1.0-18-arm64\n"], .arm),
            (["proc/sys/kernel/osrelease": "6.8.0-45-generic\n"], nil), ([:], nil),
        ] as [([String: String], Architecture?)]) func `tells its architecture`(
            _ files: [String: String], _ architecture: Architecture?
        ) throws
    {
        #expect(try platform(files).cpu.architecture == architecture)
    }

    @Test func `tells whether a mainframe can run guests`() throws {
        let with = ["proc/cpuinfo": "vendor_id : IBM/S390\nfeatures\t: esan3 pcimio sie\n"]
        #expect(try platform(with).cpu.hasVirtualization == true)
        #expect(
            try platform(["proc/cpuinfo": "vendor_id : IBM/S390\nfeatures : esan3\n"]).cpu.hasVirtualization == false)
        #expect(
            try platform(["proc/cpuinfo": "CPU implementer : 0xc0\n", "dev/kvm": ""]).cpu.hasVirtualization == true)
    }

    private static let guest = "vendor_id\t: GenuineIntel\nflags\t: fpu hypervisor\n"
    private static let metal = "vendor_id\t: GenuineIntel\nflags\t: fpu vmx\n"

    @Test(
        arguments: [
            (["proc/xen/capabilities": "control_d\n", "sys/hypervisor/type": "xen\n"], HostHypervisor.xenControl),
            (["sys/hypervisor/type": "xen\n", "sys/hypervisor/properties/features": "00000800\n"], .xenControl),
            (["sys/hypervisor/type": "xen\n", "proc/xen/capabilities": "\n"], .xen),
            (["proc/cpuinfo": guest, "sys/bus/vmbus/devices/x/id": "1\n"], .hyperV),
            (
                [
                    "proc/cpuinfo": guest, "sys/class/dmi/id/sys_vendor": "Microsoft Corporation\n",
                    "sys/class/dmi/id/product_name": "Virtual Machine\n",
                ], .hyperV
            ),
            (["proc/cpuinfo": metal, "sys/class/dmi/id/sys_vendor": "Microsoft Corporation\n"], nil),
            (["proc/cpuinfo": guest, "sys/class/dmi/id/sys_vendor": "QEMU\n"], .kvm),
            (["proc/cpuinfo": guest, "sys/class/dmi/id/sys_vendor": "VMware, Inc.\n"], .vmware),
            (["proc/cpuinfo": guest, "sys/class/dmi/id/sys_vendor": "Amazon EC2\n"], .ec2),
            (["proc/cpuinfo": metal, "sys/class/dmi/id/sys_vendor": "Amazon EC2\n"], nil),
            (["proc/cpuinfo": guest], .other), (["proc/cpuinfo": metal], nil),
            (["proc/sysinfo": "VM00 Control Program: z/VM    7.2.0\n"], .zVM),
            (["proc/cpuinfo": "cpu : POWER9 (architected)\nplatform : pSeries\nmodel : IBM,9009-22A\n"], .powerVM),
            (["proc/cpuinfo": "cpu : POWER8\nplatform : pSeries\nmodel : IBM pSeries (emulated by qemu)\n"], .kvm),
        ] as [([String: String], HostHypervisor?)]) func `tells what it runs on`(
            _ files: [String: String], _ hypervisor: HostHypervisor?
        ) throws
    {
        #expect(try platform(files).hypervisor == hypervisor)
    }

    @Test func `of Xen is neither a guest nor a host without an IOMMU`() throws {
        let tree = try SampleTree()
        try tree.function("0000:00:01.0")
        try tree.file("proc/xen/capabilities", "control_d\n")
        try tree.file("sys/firmware/acpi/tables/IVRS", "IVRS")
        try tree.file("proc/cpuinfo", Self.guest)
        let inventory = try tree.survey().inventory
        #expect(inventory.readiness.iommu == .hidden)
        let cpu = inventory.survey?.platform.cpu
        #expect(cpu?.isGuest == nil && cpu?.hasVirtualization == nil)
    }

    @Test func `has no IOMMU for PCI where its groups hold none`() throws {
        let tree = try SampleTree()
        try tree.function("0000:00:01.0")
        try tree.directory("sys/kernel/iommu_groups/0/devices/fd400000.gpu")
        #expect(try tree.read().inventory.readiness.iommu == .emptyGroups)
        try tree.function("0000:00:02.0", group: 1)
        #expect(try tree.read().inventory.readiness.iommu == .active)
    }

    @Test(arguments: [
        ("vendor_id : IBM/S390\n", Bool?.some(true)), ("CPU implementer : 0x41\n", nil),
        ("vendor_id : GenuineIntel\nflags : fpu\n", false),
    ]) func `decides what a chip named PCI-MSI tells`(_ cpuinfo: String, _ remaps: Bool?) throws {
        let told = try platform([
            "proc/cpuinfo": cpuinfo, "proc/interrupts": "   CPU0\n  1:  10  PCI-MSI  mlx5_async0@pci:0101:00:00.0\n",
        ])
        #expect(told.iommu.hasInterruptRemapping == remaps)
    }
}

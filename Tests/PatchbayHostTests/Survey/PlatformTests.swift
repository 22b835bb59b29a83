import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Platform` {
    private func cpu(_ tree: SampleTree, _ number: Int, socket: Int, core: Int, siblings: String) throws {
        let path = "sys/devices/system/cpu/cpu\(number)/topology"
        try tree.file("\(path)/physical_package_id", "\(socket)\n")
        try tree.file("\(path)/core_id", "\(core)\n")
        try tree.file("\(path)/thread_siblings_list", "\(siblings)\n")
    }

    @Test(.requirements("N56", "N57")) func `several NUMA nodes share a socket`() throws {
        let tree = try SampleTree()
        for node in 0..<4 {
            let path = "sys/devices/system/node/node\(node)"
            try tree.file("\(path)/cpulist", "\(node * 2)-\(node * 2 + 1)\n")
            try tree.file("\(path)/distance", "10 11 20 20\n")
            for cpu in [node * 2, node * 2 + 1] {
                try self.cpu(tree, cpu, socket: node / 2, core: cpu % 4, siblings: "\(cpu)")
            }
        }
        let platform = try tree.platform()
        #expect(platform.numaCells.map(\.sockets) == [[0], [0], [1], [1]])
        #expect(platform.numaCells[3].cpus == [6, 7] && platform.numaCells[3].distances == [10, 11, 20, 20])
        #expect(platform.cpu.sockets == 2 && platform.cpu.cores == 8 && platform.cpu.threads == 8)
    }

    @Test(.requirements("O33")) func `a node tells its memory, its hugepages, and may have no CPUs`() throws {
        let tree = try SampleTree()
        let path = "sys/devices/system/node/node1"
        try tree.file("sys/devices/system/node/node0/cpulist", "0-3\n")
        try tree.file("\(path)/cpulist", "\n")
        try tree.file("\(path)/meminfo", "Node 1 MemTotal:       98304000 kB\nNode 1 MemFree:        1024000 kB\n")
        for (size, total) in [("1048576kB", 4), ("2048kB", 512)] {
            try tree.file("\(path)/hugepages/hugepages-\(size)/nr_hugepages", "\(total)\n")
            try tree.file("\(path)/hugepages/hugepages-\(size)/free_hugepages", "3\n")
        }
        let cells = try tree.platform().numaCells
        #expect(cells.map(\.node.rawValue) == [0, 1])
        #expect(cells[1].cpus.isEmpty && cells[1].sockets.isEmpty)
        #expect(cells[1].memoryMiB == 96000 && cells[1].freeMiB == 1000)
        #expect(
            cells[1].hugepages == [
                HugepagePool(sizeKiB: 2048, total: 512, free: 3), HugepagePool(sizeKiB: 1_048_576, total: 4, free: 3),
            ])
        #expect(cells[0].memoryMiB == nil, "absent is not 0")
    }

    @Test(.requirements("OX5")) func `a node tells which of its CPUs share a core`() throws {
        let tree = try SampleTree()
        for node in 0..<2 {
            try tree.file(
                "sys/devices/system/node/node\(node)/cpulist", "\(node * 2)-\(node * 2 + 1),\(node * 2 + 4)\n")
        }
        for number in [0, 1, 2, 4, 6] {
            let (core, siblings) = (
                number % 4, [0, 2].contains(number % 4) ? "\(number % 4),\(number % 4 + 4)" : "\(number)"
            )
            try cpu(tree, number, socket: 0, core: core, siblings: siblings)
        }
        let cells = try tree.platform().numaCells
        #expect(cells[0].cores == [[0, 4], [1]])
        #expect(cells[1].cpus == [2, 3, 6] && cells[1].cores == [[2, 6]], "CPU 3 tells nothing, so it is in no core")
    }

    @Test func `cores of both dies of a package are told apart`() throws {
        let tree = try SampleTree()
        try tree.file("sys/devices/system/node/node0/cpulist", "0-3\n")
        for number in 0..<4 { try cpu(tree, number, socket: 0, core: 0, siblings: number < 2 ? "0-1" : "2-3") }
        #expect(try tree.platform().numaCells[0].cores == [[0, 1], [2, 3]])
    }

    @Test func `a kernel without NUMA has no cells`() throws {
        #expect(try SampleTree().platform().numaCells.isEmpty)
    }

    @Test func `threads of a core, isolated CPUs, and the slower kind are told`() throws {
        let tree = try SampleTree()
        for number in 0..<4 { try cpu(tree, number, socket: 0, core: number / 2, siblings: number < 2 ? "0-1" : "2-3") }
        for number in 4..<8 { try cpu(tree, number, socket: 0, core: number, siblings: "\(number)") }
        try tree.file("sys/devices/cpu_atom/cpus", "4-7\n")
        try tree.file("sys/devices/system/cpu/isolated", "2-3,6\n")
        try tree.file("sys/devices/system/cpu/nohz_full", "  (null)\n")
        let cpu = try tree.platform().cpu
        #expect(cpu.cores == 6 && cpu.threads == 8 && cpu.sockets == 1)
        #expect(cpu.efficiency == [4, 5, 6, 7] && cpu.isolated == [2, 3, 6] && cpu.nohzFull.isEmpty)
    }

    @Test(
        .requirements("V3", "V4"),
        arguments: [
            (
                "vendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Gold 6248R\nflags\t\t: fpu vmx sse\n",
                "GenuineIntel", "Intel(R) Xeon(R) Gold 6248R", true, false
            ),
            (
                "vendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu svm hypervisor\n", "AuthenticAMD",
                "AMD EPYC", true, true
            ),
            ("vendor_id\t: AuthenticAMD\nflags\t\t: fpu svmx\n", "AuthenticAMD", nil, false, false),
            ("CPU implementer\t: 0xc0\nFeatures\t: fp asimd\n", "Ampere", nil, nil, nil),
            ("cpu\t\t: POWER8NVL (raw), altivec supported\n", "IBM", "POWER8NVL (raw), altivec supported", nil, nil),
        ] as [(String, String?, String?, Bool?, Bool?)]
    ) func `the processor's maker, model and virtualization are read on every architecture`(
        _ sample: (text: String, vendor: String?, model: String?, virtualization: Bool?, guest: Bool?)
    ) throws {
        let tree = try SampleTree()
        try tree.file("proc/cpuinfo", "processor\t: 0\n\(sample.text)\n")
        let cpu = try tree.platform().cpu
        #expect(cpu.vendor == sample.vendor && cpu.model == sample.model)
        #expect(cpu.hasVirtualization == sample.virtualization && cpu.isGuest == sample.guest)
        #expect(cpu.threads == 1)
    }

    @Test func `cpuinfo gives the sockets where sysfs has no topology`() throws {
        let tree = try SampleTree()
        let paragraphs = (0..<8).map { "processor\t: \($0)\nphysical id\t: \($0 / 4)\ncore id\t\t: \($0 / 2 % 2)\n" }
        try tree.file("proc/cpuinfo", paragraphs.joined(separator: "\n"))
        let cpu = try tree.platform().cpu
        #expect(cpu.sockets == 2 && cpu.cores == 4 && cpu.threads == 8)
    }

    @Test func `fields that a maker did not fill in are not told`() throws {
        let tree = try SampleTree()
        try tree.file("sys/class/dmi/id/sys_vendor", "Dell Inc.\n")
        try tree.file("sys/class/dmi/id/product_name", "To Be Filled By O.E.M.\n")
        try tree.file("sys/class/dmi/id/product_serial", "ABC123\n")
        #expect(try tree.platform().firmware == FirmwareFacts(systemVendor: "Dell Inc."))
    }

    @Test(.requirements("V3", "N15")) func `the evidence about the IOMMU is collected`() throws {
        let tree = try SampleTree()
        var table = [UInt8](repeating: 0, count: 48)
        table.replaceSubrange(0..<4, with: Array("DMAR".utf8))
        table[37] = 0x05
        try tree.file("sys/firmware/acpi/tables/DMAR", Data(table))
        try tree.directory("sys/class/iommu/dmar0")
        for group in 0..<3 { try tree.directory("sys/kernel/iommu_groups/\(group)") }
        try tree.file(
            "proc/cmdline",
            "root=/dev/sda1 pcie_acs_override=downstream,multifunction pci=realloc,disable_acs_redir=pci:8086:a110\n")
        try tree.file("sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n")
        try tree.file("sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "N\n")
        #expect(
            try tree.platform().iommu
                == IOMMUFacts(
                    firmwareTables: ["DMAR"], units: ["dmar0"], groupCount: 3, platformCanRemapInterrupts: true,
                    allowsUnsafeInterrupts: true, allowsNoIOMMU: false, acsOverride: "downstream,multifunction",
                    weakenedACS: ["disable_acs_redir=pci:8086:a110"]))
        table[37] = 0x04
        try tree.file("sys/firmware/acpi/tables/DMAR", Data(table))
        #expect(try tree.platform().iommu.platformCanRemapInterrupts == false)
        try tree.file("sys/firmware/acpi/tables/DMAR", "DMAR")
        #expect(try tree.platform().iommu.platformCanRemapInterrupts == nil, "a table cut short tells nothing")
    }

    @Test(
        arguments: [
            (" 24:   0   12   IR-PCI-MSI 32768-edge      nvme0q0\n", true),
            (" 24:   0   12   IR-PCI-MSIX-0000:41:00.0    0-edge\n", true),
            ("  1:   0   12   IO-APIC   1-edge      i8042\n 24:  7  0  PCI-MSI 32768-edge  IR-like name\n", false),
            (" 11:   5    0   ITS-MSI 524288 Edge      nvme0q0\n", true),
            (" 16:   5    0   XICS 2 Edge      IPI\n", nil),
            ("NMI:   1    1   Non-maskable interrupts\n", nil),
        ] as [(String, Bool?)]) func `interrupt remapping is told by the chips' names`(
            _ sample: (lines: String, expected: Bool?)
        ) throws
    {
        let tree = try SampleTree()
        try tree.file("proc/interrupts", "            CPU0       CPU1\n\(sample.lines)")
        #expect(try tree.platform().iommu.hasInterruptRemapping == sample.expected)
    }

    @Test func `VFIO tells its modules, parameters and the drivers that could take its place`() throws {
        let tree = try SampleTree()
        try tree.file("proc/sys/kernel/osrelease", "6.8.0-1\n")
        try tree.file(
            "lib/modules/6.8.0-1/modules.alias",
            "alias pci:v000015B3d* mlx5_core\nalias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
                + "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci\n")
        try tree.file("proc/modules", "vfio_iommu_type1 49152 0 - Live 0x0\nvfiosomething 1 0 - Live 0x0\n")
        try tree.file("sys/module/vfio_pci/parameters/ids", "10de:2204\n")
        try tree.file("sys/module/vfio_pci/parameters/disable_vga", "\n")
        try tree.file("sys/module/kvm/parameters/ignore_msrs", "Y\n")
        try tree.file("sys/module/kvm/parameters/halt_poll_ns", "0\n")
        try tree.file("dev/iommu", "")
        #expect(
            try tree.platform().vfio
                == VFIOFacts(
                    loaded: ["vfio_iommu_type1", "vfio_pci"], variantDrivers: ["mlx5_vfio_pci"], hasIOMMUFD: true,
                    parameters: ["vfio_pci.ids": "10de:2204", "kvm.ignore_msrs": "Y"]))
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayText

/// What is known of the machine below the guests; only what is known.
package enum HostStory {
    package static func make(_ survey: API.Survey) -> Story {
        var story = Story()
        guard survey.wasRead else { return story }
        let platform = survey.platform
        story.section("Machine") { machine(platform, &$0) }
        story.section("NUMA") { section in
            for cell in platform.numaCells { section.add("node \(cell.node)", numa(cell)) }
        }
        story.section("IOMMU") { iommu(platform.iommu, &$0) }
        story.section("Boot") { boot(platform.boot, &$0) }
        story.section("Passthrough") { passthrough(platform, &$0) }
        story.section("Services") { section in
            for (unit, state) in platform.units.sorted(by: { $0.key < $1.key }) { section.add(unit, state) }
        }
        return story
    }

    private static func machine(_ platform: API.Platform, _ section: inout Story.Section) {
        let firmware = platform.firmware
        section.add("system", joining: [firmware.systemVendor, firmware.productName])
        section.add("board", joining: [firmware.boardVendor, firmware.boardName])
        section.add("firmware", joining: [firmware.biosVendor, firmware.biosVersion])
        let cpu = platform.cpu
        section.add(
            "processor",
            joining: [
                cpu.model, cpu.sockets.map { "\($0) socket\($0 == 1 ? "" : "s")" },
                cpu.cores.map { "\($0) cores" }, cpu.threads.map { "\($0) threads" },
                cpu.hasVirtualization == false ? "no VT-x or AMD-V" : nil, cpu.isGuest == true ? "itself a guest" : nil,
            ])
        if !cpu.isolated.isEmpty { section.add("isolated CPUs", cpu.isolated.numberList) }
        if !cpu.nohzFull.isEmpty { section.add("tickless CPUs", cpu.nohzFull.numberList) }
    }

    /// `CPUs 0-15 · 64 GiB, 12 GiB free · 16 of 32 pages of 1 GiB free`
    package static func numa(_ cell: API.NUMACell) -> [String] {
        var first = [cell.cpus.isEmpty ? "no CPUs" : "CPUs \(cell.cpus.numberList)"]
        if !cell.sockets.isEmpty {
            first.append("socket\(cell.sockets.count == 1 ? "" : "s") \(cell.sockets.numberList)")
        }
        if let memory = cell.memoryMiB {
            first.append(
                SizeWords.mebibytes(memory) + (cell.freeMiB.map { ", \(SizeWords.mebibytes($0)) free" } ?? ""))
        }
        let pages = cell.hugepages.filter { $0.total > 0 }.map {
            "\($0.free) of \($0.total) pages of \(SizeWords.kibibytes($0.sizeKiB)) free"
        }
        let distances =
            cell.distances.count > 1 ? ["distances \(cell.distances.map(String.init).joined(separator: " "))"] : []
        return [first.joined(separator: " · ")] + pages + distances
    }

    private static func iommu(_ facts: API.IOMMU, _ section: inout Story.Section) {
        section.add(
            "firmware tables", facts.firmwareTables.isEmpty ? "none" : facts.firmwareTables.joined(separator: ", "))
        section.add("units", facts.units.isEmpty ? "none" : facts.units.joined(separator: ", "))
        section.add("groups", String(facts.groupCount))
        section.add(
            "interrupt remapping",
            facts.hasInterruptRemapping.map { on in
                on ? "on" : "off" + (facts.platformCanRemapInterrupts == true ? "; the platform could" : "")
            })
        if facts.allowsUnsafeInterrupts == true {
            section.add("unsafe interrupts", "allowed: a guest can forge interrupts")
        }
        if facts.allowsNoIOMMU == true { section.add("no-IOMMU mode", "allowed: a guest could write anywhere") }
        section.add("ACS override", facts.acsOverride.map { "\($0): groups look smaller than they are" })
        section.add("weakened ACS", facts.weakenedACS)
    }

    private static func boot(_ boot: API.Boot, _ section: inout Story.Section) {
        section.add("distribution", boot.distribution)
        section.add("boot loader", joining: [boot.loader, boot.configurationFile])
        section.add("started with", boot.running?.joined(separator: " "))
        if let configured = boot.configured, let running = boot.running {
            let missing = configured.filter { !running.contains($0) }
            if !missing.isEmpty { section.add("from the next boot", missing.joined(separator: " ")) }
        }
        section.add("module options", boot.moduleOptions)
        section.add(
            "mode",
            joining: [
                boot.isUEFI.map { $0 ? "UEFI" : "legacy BIOS" },
                boot.isSecureBoot.map { $0 ? "secure boot on" : "secure boot off" },
                boot.lockdown.map { "lockdown \($0)" },
            ])
    }

    private static func passthrough(_ platform: API.Platform, _ section: inout Story.Section) {
        let vfio = platform.vfio
        section.add("vfio modules", vfio.loaded.isEmpty ? "none loaded" : vfio.loaded.joined(separator: ", "))
        section.add("variant drivers", vfio.variantDrivers.joined(separator: ", "))
        section.add("module parameters", vfio.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        section.add("iommufd", vfio.hasIOMMUFD ? "/dev/iommu" : nil)
        let software = platform.software
        section.add(
            "hypervisor",
            joining: [software.qemu.map { "QEMU \($0)" }, software.libvirt.map { "libvirt \($0)" }])
        section.add("guest firmware", software.guestFirmware)
        section.add(
            "lockable memory",
            software.lockableBytes.map { $0 < 0 ? "no limit" : SizeWords.bytes(UInt64(clamping: $0)) })
        section.add("vendor drivers", software.vendorDrivers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }
}

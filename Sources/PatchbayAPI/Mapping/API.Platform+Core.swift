import PatchbayCore

extension API.Platform {
    package init(_ platform: HostPlatform) {
        self.init(
            numaCells: platform.numaCells.map(API.NUMACell.init), cpu: API.CPU(platform.cpu),
            firmware: API.Firmware(platform.firmware), boot: API.Boot(platform.boot),
            iommu: API.IOMMU(platform.iommu), vfio: API.VFIO(platform.vfio),
            software: API.Software(platform.software), units: platform.units)
    }
}

extension API.NUMACell {
    package init(_ cell: PatchbayCore.NUMACell) {
        self.init(
            node: cell.node.rawValue, cpus: cell.cpus, sockets: cell.sockets, memoryMiB: cell.memoryMiB,
            freeMiB: cell.freeMiB,
            hugepages: cell.hugepages.map { API.Hugepages(sizeKiB: $0.sizeKiB, total: $0.total, free: $0.free) },
            distances: cell.distances)
    }
}

extension API.CPU {
    package init(_ cpu: CPULayout) {
        self.init(
            vendor: cpu.vendor, model: cpu.model, sockets: cpu.sockets, cores: cpu.cores, threads: cpu.threads,
            isolated: cpu.isolated, nohzFull: cpu.nohzFull, hasVirtualization: cpu.hasVirtualization,
            isGuest: cpu.isGuest)
    }
}

extension API.Firmware {
    package init(_ firmware: FirmwareFacts) {
        self.init(
            systemVendor: firmware.systemVendor, productName: firmware.productName, boardVendor: firmware.boardVendor,
            boardName: firmware.boardName, biosVendor: firmware.biosVendor, biosVersion: firmware.biosVersion)
    }
}

extension API.Boot {
    package init(_ boot: BootFacts) {
        self.init(
            distribution: boot.distribution, loader: boot.loader?.rawValue,
            configurationFile: boot.configurationFile, configured: boot.configured, running: boot.running,
            moduleOptions: boot.moduleOptions, isUEFI: boot.isUEFI, isSecureBoot: boot.isSecureBoot,
            lockdown: boot.lockdown)
    }
}

extension API.IOMMU {
    package init(_ facts: IOMMUFacts) {
        self.init(
            firmwareTables: facts.firmwareTables, units: facts.units, groupCount: facts.groupCount,
            hasInterruptRemapping: facts.hasInterruptRemapping,
            platformCanRemapInterrupts: facts.platformCanRemapInterrupts,
            allowsUnsafeInterrupts: facts.allowsUnsafeInterrupts, allowsNoIOMMU: facts.allowsNoIOMMU,
            acsOverride: facts.acsOverride, weakenedACS: facts.weakenedACS)
    }
}

extension API.VFIO {
    package init(_ facts: VFIOFacts) {
        self.init(
            loaded: facts.loaded, variantDrivers: facts.variantDrivers, hasIOMMUFD: facts.hasIOMMUFD,
            parameters: facts.parameters)
    }
}

extension API.Software {
    package init(_ facts: SoftwareFacts) {
        self.init(
            qemu: facts.qemu?.description, libvirt: facts.libvirt?.description, guestFirmware: facts.guestFirmware,
            lockableBytes: facts.lockableBytes, vendorDrivers: facts.vendorDrivers)
    }
}

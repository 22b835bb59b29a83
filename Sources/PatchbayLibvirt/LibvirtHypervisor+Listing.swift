import PatchbayCore

extension LibvirtHypervisor {
    /// - Returns: nil when it went away meanwhile.
    static func describe(_ domain: LibvirtDomain) throws -> Domain? {
        do {
            let info = try domain.info()
            let isActive = try domain.isActive()
            let live = isActive ? try DomainDefinition(domain.xml(.live)) : nil
            let persistent = try domain.isPersistent() ? DomainDefinition(domain.xml(.persistent)) : nil
            return Domain(
                name: domain.name, uuid: try domain.uuid(),
                state: isActive || info.state != .crashed ? info.state : .shutOff, vcpus: info.vcpus,
                memoryMiB: info.memoryMiB, liveDevices: live?.hostDevices.map(\.key) ?? [],
                definedDevices: persistent?.hostDevices.map(\.key) ?? [],
                isManaged: (persistent ?? live)?.isManaged ?? false, isSeated: persistent?.isSeated ?? false)
        } catch let error as LibvirtError where error.code == .noDomain {
            return nil
        }
    }
}

import PatchbayCore
import PatchbayHost

extension LibvirtHypervisor {
    /// - Returns: nil when it went away meanwhile.
    static func describe(_ domain: LibvirtDomain, _ usb: USBNumbers) throws -> Domain? {
        do {
            let info = try domain.info()
            let isActive = try domain.isActive()
            let live = isActive ? try DomainDefinition(domain.xml(.live), usb: usb) : nil
            let persistent = try domain.isPersistent() ? DomainDefinition(domain.xml(.persistent), usb: usb) : nil
            return Domain(
                name: domain.name, uuid: try domain.uuid(),
                state: isActive || info.state != .crashed ? info.state : .shutOff, vcpus: info.vcpus,
                memoryMiB: info.memoryMiB, liveDevices: live?.present ?? [], pulledDevices: live?.pulled ?? [],
                definedDevices: persistent?.hostDevices ?? [],
                isManaged: (persistent ?? live)?.isManaged ?? false, isSeated: persistent?.isSeated ?? false,
                lacksUSBController: live?.lacksUSBController == true ? true : nil)
        } catch let error as LibvirtError where error.code == .noDomain {
            return nil
        }
    }
}

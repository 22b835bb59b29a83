/// From which version on a program can do something that Patchbay may be asked for.
///
/// Sources: release notes of QEMU and libvirt; Nova's minimum versions (`nova/virt/libvirt/driver.py`).
package struct SoftwareFloor: Hashable, Sendable {
    package enum Program: String, Sendable, CaseIterable {
        case qemu = "QEMU"
        case libvirt
    }
    package let program: Program
    package let version: SoftwareVersion
    /// What it takes this version for: "persistent mediated devices".
    package let brings: String
    /// Below it nothing is supported; other floors are for what not everybody needs.
    package let isRequired: Bool

    private init(_ program: Program, _ version: SoftwareVersion, _ brings: String, isRequired: Bool = false) {
        self.program = program
        self.version = version
        self.brings = brings
        self.isRequired = isRequired
    }

    /// By program, then by version.
    package static let all = [
        SoftwareFloor(.qemu, SoftwareVersion(4, 2), "passthrough as Patchbay and OpenStack use it", isRequired: true),
        SoftwareFloor(.qemu, SoftwareVersion(7, 1), "an emulated NVMe with virtual functions, for labs"),
        SoftwareFloor(.qemu, SoftwareVersion(8, 0), "an emulated network card with virtual functions, for labs"),
        SoftwareFloor(.qemu, SoftwareVersion(8, 1), "live migration of devices whose driver can do it"),
        SoftwareFloor(.qemu, SoftwareVersion(9, 0), "iommufd"),
        SoftwareFloor(
            .libvirt, SoftwareVersion(6, 0), "passthrough as Patchbay and OpenStack use it", isRequired: true),
        SoftwareFloor(.libvirt, SoftwareVersion(7, 3), "mediated devices that persist across reboots"),
        SoftwareFloor(.libvirt, SoftwareVersion(8, 1), "virtual functions whose driver cannot clear a VLAN"),
        SoftwareFloor(.libvirt, SoftwareVersion(8, 3), "a virtio IOMMU inside guests"),
        SoftwareFloor(.libvirt, SoftwareVersion(8, 7), "enough locked memory for guests with an IOMMU of their own"),
        SoftwareFloor(.libvirt, SoftwareVersion(10, 0), "model-specific drivers instead of vfio-pci"),
    ]
}

extension SoftwareFacts {
    package func version(of program: SoftwareFloor.Program) -> SoftwareVersion? {
        switch program {
        case .qemu: qemu
        case .libvirt: libvirt
        }
    }

    /// Floors that a known version does not reach. A program whose version is not known misses none.
    package var missedFloors: [SoftwareFloor] {
        SoftwareFloor.all.filter { floor in version(of: floor.program).map { $0 < floor.version } ?? false }
    }
}

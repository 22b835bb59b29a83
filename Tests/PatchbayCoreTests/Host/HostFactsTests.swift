import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Facts of a host` {
    @Test func `kernel parameters are split outside quotes, and dashes equal underscores`() {
        let parameters = KernelParameters(
            parsing: "  ro vfio-pci.ids=10de:2204  dyndbg=\"file a.c +p\" pci=a,b quiet=\n")
        #expect(parameters.words == ["ro", "vfio-pci.ids=10de:2204", "dyndbg=\"file a.c +p\"", "pci=a,b", "quiet="])
        #expect(parameters.values(of: "vfio_pci.ids") == ["10de:2204"])
        #expect(parameters.values(of: "dyndbg") == ["file a.c +p"])
        #expect(parameters.values(of: "ro") == [""] && parameters.contains("ro") && !parameters.contains("r"))
        #expect(KernelParameters(parsing: "").words.isEmpty)
    }

    @Test func `floors are missed below their version, and by nobody whose version is not known`() {
        #expect(SoftwareFacts().missedFloors.isEmpty)
        let old = SoftwareFacts(qemu: SoftwareVersion(4, 1, 9), libvirt: SoftwareVersion(10, 0))
        #expect(old.missedFloors.allSatisfy { $0.program == .qemu })
        #expect(old.missedFloors.contains { $0.isRequired && $0.version == SoftwareVersion(4, 2) })
        let debian = SoftwareFacts(qemu: SoftwareVersion(7, 2), libvirt: SoftwareVersion(9, 0))
        #expect(
            debian.missedFloors.map { "\($0.program.rawValue) \($0.version)" } == [
                "QEMU 8.0.0", "QEMU 8.1.0", "QEMU 9.0.0", "libvirt 10.0.0",
            ])
    }

    @Test(.requirements("N7")) func `attaching to VMs that are there takes QEMU 4.2 and libvirt 6.0`() {
        let required = SoftwareFloor.all.filter(\.isRequired)
        #expect(required.map { "\($0.program.rawValue) \($0.version)" } == ["QEMU 4.2.0", "libvirt 6.0.0"])
        let enough = SoftwareFacts(qemu: SoftwareVersion(4, 2), libvirt: SoftwareVersion(6, 0))
        #expect(!enough.missedFloors.contains { $0.isRequired })
    }
}

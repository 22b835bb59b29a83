import Foundation
import Testing

/// Domain definitions to edit: some of the test's own, and a folder of others where PATCHBAY_LIBVIRT_XML names one.
struct DomainSample: CustomTestStringConvertible, Sendable {
    var name: String
    var xml: String
    var testDescription: String { name }

    /// With what an editor that knows too little would lose: comments, foreign namespaces, CDATA, entities, odd order.
    static let awkward = DomainSample(
        name: "awkward",
        xml: """
            <?xml version="1.0"?>
            <!-- kept by hand: do not touch -->
            <domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' type='kvm' id='7'>
              <devices>
                <!-- the disk that came with it -->
                <disk type='file' device='disk'>
                  <source file='/var/lib/a &amp; b&apos;s.qcow2'/><target bus='virtio' dev='vda'/>
                </disk>
                <hostdev mode='subsystem' type='usb'>
                  <source><vendor id='0x1050'/><product id='0x0407'/></source>
                </hostdev>
                <hostdev managed='yes' type='pci' mode='subsystem'>
                  <source><address function='0x1' slot='31' bus='0x41' domain='0'/></source>
                </hostdev>
                <interface type='hostdev'>
                  <mac address='52:54:00:aa:bb:cc'/>
                  <source><address type='pci' domain='0x0000' bus='0x42' slot='0x02' function='0x1'/></source>
                </interface>
                <hostdev mode='subsystem' type='mdev' model='vfio-pci'>
                  <source><address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source>
                </hostdev>
              </devices>
              <metadata>
                <app:note xmlns:app='urn:example:app' app:level='2'><app:text><![CDATA[<b>&]]></app:text></app:note>
              </metadata>
              <name>awkward</name>
              <vcpu current='1'>2</vcpu><memory unit='GiB'>1</memory>
              <os><type arch='x86_64' machine='q35'>hvm</type></os>
              <qemu:commandline>
                <qemu:arg value='-device'/><qemu:arg value='{"driver":"edu","id":"x"}'/>
              </qemu:commandline>
            </domain>
            """)

    static let noDevices = DomainSample(
        name: "no device list",
        xml: "<domain type='qemu'><name>n</name><memory>1</memory><os><type>hvm</type></os><devices/></domain>")

    static let nvmeDisk = DomainSample(
        name: "NVMe disk",
        xml: """
            <domain type='kvm'><name>n</name><memory>1</memory><os><type>hvm</type></os><devices>
            <disk type='nvme' device='disk'><driver name='qemu' type='raw'/>
            <source type='pci' managed='no' namespace='1'>
            <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>
            <target dev='vda' bus='virtio'/></disk></devices></domain>
            """)

    /// The folder of `PATCHBAY_LIBVIRT_XML`; its README says which files are newer than the schema.
    static let folder = ProcessInfo.processInfo.environment["PATCHBAY_LIBVIRT_XML"]

    static var all: [DomainSample] {
        [awkward, noDevices, nvmeDisk] + fromFolder
    }

    static var fromFolder: [DomainSample] {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return names.filter { $0.hasSuffix(".xml") }.sorted().compactMap { name in
            (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)).map {
                DomainSample(name: name, xml: $0)
            }
        }
    }
}

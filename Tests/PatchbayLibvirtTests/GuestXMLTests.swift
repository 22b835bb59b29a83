import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayLibvirt

@Suite struct `The XML of a managed VM` {
    static let specs: [GuestSpec] = [
        GuestSpec(name: "vm-1", vcpus: 2, memoryMiB: 2048, boot: .disk(path: "/images/a.qcow2", format: "qcow2")),
        GuestSpec(
            name: "Build.9_x+y", vcpus: 1, memoryMiB: 64, boot: .disk(path: "/dev/it's \"<1>\" & é", format: "raw")),
        GuestSpec(
            name: "k", vcpus: 255, memoryMiB: 1 << 20,
            boot: .kernel(path: "/boot/vmlinuz", initrd: "/boot/initrd", commandLine: "console=ttyS0 a='<&>'"),
            accelerator: .emulation),
        GuestSpec(name: "k2", vcpus: 1, memoryMiB: 1, boot: .kernel(path: "/k", initrd: nil, commandLine: "")),
    ]

    static let platforms = ["kvm", "qemu"].map { type in
        Fixture.platform(type)
    }

    @Test(
        .enabled(if: Xmllint.hasSchema, "libvirt's schema or xmllint is missing: apt install libvirt0 libxml2-utils"),
        arguments: specs)
    func `is valid`(_ spec: GuestSpec) async throws {
        for platform in Self.platforms {
            let xml = try GuestXML(spec, on: platform, logFolder: "/var/log/libvirt/qemu").text
            let complaint = try await Xmllint.complaint(about: xml)
            #expect(complaint == nil, "\(complaint ?? "")\n\(xml)")
        }
    }

    @Test(arguments: specs) func `carries our mark and no devices`(_ spec: GuestSpec) throws {
        let xml = try GuestXML(spec, on: Fixture.platform("kvm"), logFolder: "/logs").text
        let definition = try DomainDefinition(xml)
        #expect(definition.isManaged)
        #expect(definition.hostDevices == [])
        #expect(definition.consoleLogPath == "/logs/\(spec.name)-serial.log")
    }

    @Test func `is this for a disk with KVM`() throws {
        let xml = try GuestXML(Self.specs[0], on: Fixture.platform("kvm"), logFolder: "/logs").text
        #expect(
            xml == """
                <domain type='kvm'>
                  <name>vm-1</name>
                  <metadata>
                    <patchbay:guest xmlns:patchbay='urn:patchbay:domain:1'/>
                  </metadata>
                  <memory unit='MiB'>2048</memory>
                  <vcpu placement='static'>2</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>
                    <boot dev='hd'/>
                  </os>
                  <features>
                    <acpi/>
                    <apic/>
                  </features>
                  <cpu mode='host-passthrough' check='none'/>
                  <clock offset='utc'>
                    <timer name='hpet' present='no'/>
                  </clock>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>restart</on_reboot>
                  <on_crash>destroy</on_crash>
                  <devices>
                    <emulator>/usr/bin/qemu-system-x86_64</emulator>
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='qcow2'/>
                      <source file='/images/a.qcow2'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                    <controller type='usb' model='none'/>
                    <serial type='pty'>
                      <log file='/logs/vm-1-serial.log' append='off'/>
                      <target port='0'/>
                    </serial>
                    <console type='pty'>
                      <target type='serial' port='0'/>
                    </console>
                    <memballoon model='none'/>
                  </devices>
                </domain>

                """)
    }

    @Test(arguments: [
        GuestSpec(name: "", vcpus: 1, memoryMiB: 1, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "../x", vcpus: 1, memoryMiB: 1, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "a'b", vcpus: 1, memoryMiB: 1, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "a\n", vcpus: 1, memoryMiB: 1, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "a", vcpus: 0, memoryMiB: 1, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 0, boot: .disk(path: "/a", format: "raw")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 1, boot: .disk(path: "a", format: "raw")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 1, boot: .disk(path: "", format: "raw")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 1, boot: .disk(path: "/a", format: "vmdk")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 1, boot: .kernel(path: "/a", initrd: "b", commandLine: "")),
        GuestSpec(name: "a", vcpus: 1, memoryMiB: 1, boot: .kernel(path: "/a", initrd: nil, commandLine: "\u{1}")),
    ])
    func `is not written for what it cannot hold`(_ spec: GuestSpec) {
        let problem = #expect(throws: Problem.self) {
            try GuestXML(spec, on: Fixture.platform("kvm"), logFolder: "/logs")
        }
        #expect(problem?.code == .malformedInput)
    }
}

@Suite struct `What a daemon can run` {
    @Test(
        arguments: [
            (["qemu", "kvm"], nil, "kvm"), (["qemu"], nil, "qemu"), (["qemu", "kvm"], .emulation, "qemu"),
            (["kvm"], .kvm, "kvm"),
        ] as [([String], GuestSpec.Accelerator?, String)])
    func `is KVM where there is one, or what was asked for`(
        _ types: [String], _ accelerator: GuestSpec.Accelerator?, _ type: String
    ) throws {
        let platform = try GuestPlatform(capabilities: Fixture.capabilities(types), accelerator: accelerator)
        #expect(platform == Fixture.platform(type))
    }

    @Test(arguments: [(["qemu"], .kvm), (["kvm"], .emulation), ([], nil)] as [([String], GuestSpec.Accelerator?)])
    func `is refused when it is not there`(_ types: [String], _ accelerator: GuestSpec.Accelerator?) {
        let problem = #expect(throws: Problem.self) {
            try GuestPlatform(capabilities: Fixture.capabilities(types), accelerator: accelerator)
        }
        #expect(problem?.code == .hypervisorRefused)
    }

    @Test func `is nothing without an emulator`() {
        let problem = #expect(throws: Problem.self) {
            try GuestPlatform(capabilities: "<capabilities><host/></capabilities>", accelerator: nil)
        }
        #expect(problem?.code == .hypervisorRefused)
    }
}

enum Fixture {
    /// Capabilities as libvirt's QEMU driver gives them, cut down: i686 comes first, q35 is an alias among versions.
    static func capabilities(_ types: [String]) -> String {
        let offered = types.map { "<domain type='\($0)'/>" }.joined()
        return """
            <capabilities><host><cpu><arch>x86_64</arch></cpu></host>
            <guest><os_type>hvm</os_type><arch name='i686'><emulator>/usr/bin/qemu-system-i386</emulator>
            <machine>pc</machine><domain type='qemu'/></arch></guest>
            <guest><os_type>hvm</os_type><arch name='x86_64'><emulator>/usr/bin/qemu-system-x86_64</emulator>
            <machine maxCpus='255'>pc-i440fx-7.2</machine><machine canonical='pc-q35-7.2'>q35</machine>\(offered)</arch></guest>
            </capabilities>
            """
    }

    static func platform(_ type: String) -> GuestPlatform {
        // Made from text, as everywhere: there is no other way to say one.
        try! GuestPlatform(capabilities: capabilities([type]), accelerator: nil)
    }
}

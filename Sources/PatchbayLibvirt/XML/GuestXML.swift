import Foundation
import PatchbayCore

/// The domain XML of a managed VM, without devices of the host.
///
/// Format: libvirt.org, "Domain XML format". No memory balloon and no USB: the first gains nothing beside passed-through
/// devices, which pin all memory, the second is a controller more to emulate.
struct GuestXML {
    /// The element in `<metadata>` that says a domain is Patchbay's.
    static let mark = (element: "guest", namespace: "urn:patchbay:domain:1")

    var spec: GuestSpec
    var platform: GuestPlatform
    /// The file the serial console is logged to, emptied at each start.
    var consoleLog: String

    /// Throws `.malformedInput` for what a definition cannot hold.
    init(_ spec: GuestSpec, on platform: GuestPlatform, logFolder: String) throws(Problem) {
        try Self.check(spec)
        self.spec = spec
        self.platform = platform
        consoleLog = "\(logFolder)/\(spec.name)-serial.log"
    }

    var text: String {
        """
        <domain type='\(platform.type)'>
          <name>\(spec.name)</name>
          <metadata>
            <patchbay:\(Self.mark.element) xmlns:patchbay='\(Self.mark.namespace)'/>
          </metadata>
          <memory unit='MiB'>\(spec.memoryMiB)</memory>
          <vcpu placement='static'>\(spec.vcpus)</vcpu>
          <os>
            <type arch='\(platform.architecture)'\(machine)>hvm</type>
        \(boot)
          </os>
          <features>
            <acpi/>
            <apic/>
          </features>
        \(cpu)  <clock offset='utc'>
            <timer name='hpet' present='no'/>
          </clock>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>destroy</on_crash>
          <devices>
        \(emulator)\(disk)    <controller type='usb' model='none'/>
            <serial type='pty'>
              <log file='\(Self.escaped(consoleLog))' append='off'/>
              <target port='0'/>
            </serial>
            <console type='pty'>
              <target type='serial' port='0'/>
            </console>
            <memballoon model='none'/>
          </devices>
        </domain>

        """
    }

    private var machine: String { platform.machine.map { " machine='\(Self.escaped($0))'" } ?? "" }

    private var emulator: String {
        platform.emulator.map { "    <emulator>\(Self.escaped($0))</emulator>\n" } ?? ""
    }

    private var boot: String {
        switch spec.boot {
        case .disk: return "    <boot dev='hd'/>"
        case .kernel(let path, let initrd, let commandLine):
            let lines = [("kernel", path), ("initrd", initrd), ("cmdline", commandLine)]
            return lines.compactMap { name, value in
                value.flatMap { $0.isEmpty ? nil : "    <\(name)>\(Self.escaped($0))</\(name)>" }
            }.joined(separator: "\n")
        }
    }

    private var disk: String {
        guard case .disk(let path, let format) = spec.boot else { return "" }
        return """
                <disk type='file' device='disk'>
                  <driver name='qemu' type='\(Self.escaped(format))'/>
                  <source file='\(Self.escaped(path))'/>
                  <target dev='vda' bus='virtio'/>
                </disk>

            """
    }

    /// The host's own processor with KVM; in emulation one that every QEMU has.
    private var cpu: String {
        switch platform.type {
        case "kvm": return "  <cpu mode='host-passthrough' check='none'/>\n"
        case "qemu":
            return """
                  <cpu mode='custom' match='exact' check='none'>
                    <model fallback='forbid'>qemu64</model>
                  </cpu>

                """
        default: return ""
        }
    }
}

extension GuestXML {
    private static func check(_ spec: GuestSpec) throws(Problem) {
        let name = /[A-Za-z0-9][A-Za-z0-9._+-]{0,63}/
        guard spec.name.wholeMatch(of: name) != nil else {
            throw Problem(
                .malformedInput, "\"\(spec.name)\" is not a valid VM name.",
                next: ["Use up to 64 letters, digits, and . _ + - after the first."])
        }
        guard (1...4096).contains(spec.vcpus), (1...1 << 30).contains(spec.memoryMiB) else {
            throw Problem(
                .malformedInput,
                "A VM cannot have \(spec.vcpus) processors and \(spec.memoryMiB) MiB of memory.")
        }
        let texts: [String?]
        switch spec.boot {
        case .disk(let path, let format):
            guard ["qcow2", "raw"].contains(format) else {
                throw Problem(
                    .malformedInput, "\"\(format)\" is not a disk format that Patchbay supports.",
                    next: ["Use qcow2 or raw."])
            }
            texts = [path]
        case .kernel(let path, let initrd, let commandLine): texts = [path, initrd, commandLine]
        }
        for text in texts.compactMap(\.self) {
            guard text.unicodeScalars.allSatisfy(isAllowed) else {
                throw Problem(
                    .malformedInput,
                    "\(text.debugDescription) has characters that a definition cannot contain.")
            }
        }
        for path in texts.prefix(2).compactMap(\.self) where !path.hasPrefix("/") {
            throw Problem(.malformedInput, "\"\(path)\" is not an absolute path on the host.")
        }
    }

    /// XML 1.0, production 2, without line breaks and tabs, which no path or kernel command line means.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7f && scalar.value != 0xfffe && scalar.value != 0xffff
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("'", with: "&apos;").replacing("\"", with: "&quot;")
    }
}

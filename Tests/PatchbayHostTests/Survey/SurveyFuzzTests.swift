import Foundation
import PatchbayCore
import PatchbayHost
import Testing

/// Whatever the files below a root hold, a survey ends and is a value that can be written down.
@Suite struct `Malformed surveys` {
    private static let files = [
        "sys/bus/usb/devices/1-1/idVendor", "sys/bus/usb/devices/1-1/devnum", "sys/bus/usb/devices/1-1/speed",
        "sys/bus/usb/devices/1-1/bMaxPower", "sys/bus/usb/devices/1-1/serial",
        "sys/bus/usb/devices/1-1:1.0/bInterfaceClass",
        "sys/bus/usb/devices/1-1:1.0/bInterfaceNumber", "proc/cpuinfo", "proc/interrupts", "proc/cmdline",
        "proc/modules",
        "proc/7/comm", "proc/7/limits", "etc/default/grub", "boot/grub2/grubenv", "boot/loader/entries/a.conf",
        "etc/kernel/cmdline", "etc/modprobe.d/a.conf", "var/lib/dpkg/status", "sys/firmware/acpi/tables/DMAR",
        "sys/devices/system/node/node0/meminfo", "sys/devices/system/node/node0/distance",
        "sys/devices/system/node/node0/cpulist", "sys/devices/system/cpu/cpu0/topology/physical_package_id",
        "sys/devices/system/cpu/isolated", "usr/lib/systemd/system/libvirtd.service",
        "sys/devices/pci0000:00/0000:00:01.0/nvidia/creatable_vgpu_types",
        "sys/devices/pci0000:00/0000:00:01.0/mdev_supported_types/a/available_instances",
    ]
    private static let words = [
        "", "\n", "0x", "ffff", "10000", "-1", "99999999999999999999", "1.5", "½", "٣", "=", "\"", "\\", "$A", "${",
        "A=$A$A\n",
        "options $A $A\n", "libvirtd", "Max locked memory 1 ", "LimitMEMLOCK=", "infinity", "9T", ":", ": :",
        "24: 0 IR-",
        "Package: qemu-system-x86\nStatus: x installed\nVersion: ", "DMAR", "\0\0\0\0", "0-", "0-65536",
        "processor : 1\n",
        "é\u{301}", "pci=,,disable_acs_redir=", "1145 : x\n",
    ]

    @Test func `are read to the end`() async throws {
        let seed =
            ProcessInfo.processInfo.environment["PATCHBAY_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...9_999_999)
        print("Malformed surveys: PATCHBAY_SEED=\(seed)")
        var state = seed
        let below = { (limit: Int) -> Int in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let tree = try SampleTree()
        try tree.function("0000:00:01.0", driver: "nvidia")
        try tree.directory("boot/grub")
        try tree.file("usr/sbin/grubby", "")
        try tree.file("sys/bus/usb/devices/1-1/idProduct", "0001\n")
        for _ in 0..<300 {
            for _ in 0..<5 {
                let text = (0..<below(40)).map { _ in Self.words[below(Self.words.count)] }.joined(
                    separator: below(2) == 0 ? " " : "")
                try tree.file(Self.files[below(Self.files.count)], text)
            }
            let garbage = String(decoding: (0..<below(200)).map { _ in UInt8(below(256)) }, as: UTF8.self)
            let programs = ProgramRunner { _, _ in garbage + "0, 00000000:00:01.0, Enabled, x\n|  0  MIG " }
            let survey = try await tree.survey(programs: programs)
            _ = try JSONEncoder().encode(survey)
        }
    }
}

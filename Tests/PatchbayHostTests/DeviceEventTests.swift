import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `Device events` {
    private func change(_ action: String, _ path: String, _ subsystem: String) -> HostChange? {
        let texts = [
            "\(action)@\(path)", "ACTION=\(action)", "DEVPATH=\(path)", "SUBSYSTEM=\(subsystem)", "SEQNUM=4711",
        ]
        return DeviceEvent(texts.flatMap { Array($0.utf8) + [0] })?.change
    }

    private let port = "/devices/pci0000:00/0000:00:02.0"

    @Test func `name the function that came, went or changed drivers`() {
        #expect(change("add", "\(port)/0000:02:00.0", "pci") == HostChange(arrivals: ["0000:02:00.0"]))
        #expect(change("remove", "\(port)/0000:02:00.0", "pci") == HostChange(arrivals: ["0000:02:00.0"]))
        for action in ["bind", "unbind", "change"] {
            let expected = HostChange(functions: ["0000:02:00.0"], parts: [.drivers])
            #expect(change(action, "\(port)/0000:02:00.0", "pci") == expected)
        }
    }

    @Test func `name the function below an interface, a disk or a VFIO node`() {
        let function: Set = ["0000:02:00.0"]
        #expect(
            change("add", "\(port)/0000:02:00.0/net/eth0", "net")
                == HostChange(functions: function, parts: [.network]))
        #expect(
            change("add", "\(port)/0000:02:00.0/nvme/nvme0/nvme0n1", "block")
                == HostChange(functions: function, parts: [.storage]))
        #expect(
            change("add", "\(port)/0000:02:00.0/vfio-dev/vfio0", "vfio-dev")
                == HostChange(functions: function, parts: [.drivers]))
        #expect(change("add", "/devices/virtual/net/veth1", "net") == HostChange(parts: [.network]))
    }

    @Test func `count only where an inventory shows something`() {
        #expect(change("add", "\(port)/0000:02:00.0/usb1/1-1", "usb") == HostChange(parts: [.usb]))
        #expect(change("add", "/devices/virtual/mdev/x", "mdev") == HostChange(parts: [.mediated]))
        #expect(change("add", "/module/vfio_pci", "module") == HostChange(parts: [.drivers]))
        #expect(change("add", "/bus/pci/drivers/vfio-pci", "drivers") == HostChange(parts: [.drivers]))
        for (path, subsystem) in [
            ("/module/snd", "module"), ("/bus/usb/drivers/uas", "drivers"), ("/devices/virtual/input/input3", "input"),
            ("/devices/virtual/workqueue/x", "workqueue"),
        ] { #expect(change("add", path, subsystem) == nil) }
    }

    @Test func `that cannot be understood are none`() {
        for text in ["", "add", "add@/devices/x", "add@/devices/x\0SUBSYSTEM", "\0\0"] {
            #expect(DeviceEvent(Array(text.utf8)) == nil)
        }
        #expect(change("add", "", "pci") == .everything)
    }
}

import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Open nodes of devices that guests have` {
    private static let open = HostUse(
        .holder, .inUse, chain: ["qemu-system-x86", "/dev/vfio/15", "0000:41:00.0"])

    private static func domain(_ state: Domain.State, _ addresses: [PCIAddress]) -> Domain {
        let devices = addresses.map(\.key)
        return Domain(name: "trainer", uuid: "1", state: state, liveDevices: devices, definedDevices: devices)
    }

    @Test func `are told with the guest`() {
        var inventory = SampleHost.inventory()
        inventory.hostUses[SampleHost.a100] = [Self.open]
        let told = inventory.explained(by: [Self.domain(.running, [SampleHost.a100])])
        #expect(told.verdict(of: SampleHost.a100) == .free)
        #expect(told.hostUses == SampleHost.inventory().hostUses)
        let view = HostView(inventory: told, usage: Usage(domains: [Self.domain(.running, [SampleHost.a100])]))
        #expect(view.state(of: SampleHost.a100.key).state == .attached)
    }

    @Test func `of their group mates are told with the guest, so that it can be restarted`() throws {
        var inventory = SampleHost.inventory()
        for address in [SampleHost.gpu, SampleHost.audio] {
            let chain = ["qemu-system-x86", "/dev/vfio/31", address.description]
            inventory.hostUses[address] = [HostUse(.holder, .inUse, chain: chain)]
        }
        let told = inventory.explained(by: [Self.domain(.running, [SampleHost.gpu])])
        #expect(told == SampleHost.inventory())
    }

    @Test func `of a USB device are told with the guest, of its controller, too`() {
        var inventory = SampleHost.inventory()
        let address = USBAddress(kernelName: "1-2")!
        inventory.usb = [
            USBDevice(
                address: address, port: USBPort(controller: SampleHost.usb), deviceNumber: 4, vendor: 0x0951,
                product: 0x1666)
        ]
        let before = inventory.hostUses
        func open(_ node: String, _ device: DeviceKey) -> HostUse {
            HostUse(.holder, .inUse, chain: ["qemu-system-x86", node, device.chainLink])
        }
        let other = open("/dev/bus/usb/001/005", SampleHost.usb.key)
        inventory.hostUses[.usb(address)] = [open("/dev/bus/usb/001/004", .usb(address))]
        inventory.hostUses[SampleHost.usb.key] = [open("/dev/bus/usb/001/004", SampleHost.usb.key), other]
        let guest = Domain(name: "desk", uuid: "1", state: .running, liveDevices: [.usb(address)])
        let told = inventory.explained(by: [guest])
        #expect(told.hostUses[.usb(address)] == nil)
        #expect(told.hostUses[SampleHost.usb.key] == [other])
        inventory.hostUses[SampleHost.usb.key] = [open("/dev/bus/usb/001/004", SampleHost.usb.key)]
        #expect(inventory.explained(by: [guest]).hostUses == before)
    }

    @Test func `of others, of guests that are off, and of other programs stand`() {
        var inventory = SampleHost.inventory()
        let monitor = HostUse(.holder, .inUse, chain: ["nvtop", "/dev/nvidia0", "0000:41:00.0"])
        inventory.hostUses[SampleHost.a100] = [Self.open, monitor]
        inventory.hostUses[SampleHost.secondA100] = [Self.open]
        let guest = Self.domain(.running, [SampleHost.a100])
        #expect(inventory.explained(by: [guest]).hostUses[SampleHost.a100] == [monitor])
        #expect(inventory.explained(by: [guest]).hostUses[SampleHost.secondA100] == [Self.open])
        #expect(inventory.explained(by: [Self.domain(.shutOff, [SampleHost.a100])]) == inventory)
        let view = HostView(inventory: inventory, usage: Usage())
        #expect(view.state(of: SampleHost.secondA100.key).state == .host)
    }
}

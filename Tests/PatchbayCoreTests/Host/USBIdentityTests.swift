import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `USB identity` {
    private static let controller = SampleHost.address("00:14.0")
    private static let other = SampleHost.address("00:1a.0")

    private func device(
        _ name: String, serial: String? = nil, isUnique: Bool = true, controller: PCIAddress? = controller
    ) throws -> USBDevice {
        USBDevice(
            address: try #require(USBAddress(kernelName: name)), port: USBPort(controller: controller),
            deviceNumber: 2, vendor: 0x0951, product: 0x1666, productName: "Stick", serial: serial,
            isSerialUnique: serial != nil && isUnique)
    }

    /// Two controllers, each alone in its group, and what is plugged into them.
    private func inventory(_ devices: [USBDevice] = []) -> Inventory {
        let functions = [(Self.controller, "14.0"), (Self.other, "1a.0")].enumerated().map { group, place in
            PCIFunction(
                address: place.0, id: PCIID(vendor: 0x8086, device: 0xa36d), deviceClass: PCIClass(0x0c0330),
                driver: "xhci_hcd", iommuGroup: IOMMUGroupID(group), topologyPath: "pci0000:00/\(place.1)")
        }
        return Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: functions.enumerated().map { IOMMUGroup(id: IOMMUGroupID($0), members: [$1.address]) },
            usb: devices)
    }

    @Test func `is the serial where that tells, wherever the device is plugged in`() throws {
        let inventory = inventory()
        let here = inventory.identity(of: try device("1-3", serial: "E0D55EA574"))
        let there = inventory.identity(of: try device("3-1", serial: "E0D55EA574", controller: Self.other))
        #expect(here == there && here.description == "0951:1666 with serial E0D55EA574")
    }

    @Test(
        .requirements("HX7"),
        arguments: [
            nil, "123456789", "00000000", "0123456789ABCDEF", "x", "28754-0000:00:05.0-3",
        ]) func `is the socket where the serial tells nothing`(_ serial: String?) throws
    {
        let inventory = inventory()
        let identity = inventory.identity(of: try device("1-3.1", serial: serial))
        #expect(identity.description == "0951:1666 in pci0000:00/14.0 port 3.1")
        #expect(identity != inventory.identity(of: try device("1-3.2", serial: serial)))
        #expect(identity != inventory.identity(of: try device("1-3.1", serial: serial, controller: Self.other)))
    }

    @Test func `is the socket when another device has the same serial`() throws {
        let twin = try device("1-3", serial: "E0D55EA574", isUnique: false)
        #expect(twin.tellingSerial == nil)
    }

    @Test func `does not depend on the number of the bus`() throws {
        func root(_ bus: Int) throws -> USBDevice {
            var root = try device("usb\(bus)")
            root.speed = 4800
            return root
        }
        let before = inventory([try root(1)]).identity(of: try device("1-3"))
        let after = inventory([try root(5)]).identity(of: try device("5-3"))
        #expect(before == after)
    }

    @Test(arguments: ["usb2port3", "2-port3", "usb-port1", "usb2-port0", "a-b-port1", "1-2-3-port4", ""])
    func `no port has another form of name`(_ text: String) { #expect(USBPortName(text) == nil) }

    @Test(.requirements("V42")) func `a controller and a device on it cannot go different ways`() throws {
        var (root, hub) = (try device("usb1"), try device("1-3"))
        (root.deviceClass, hub.deviceClass) = (9, 9)
        let inventory = inventory([
            root, hub, try device("1-3.1"), try device("1-4"), try device("2-1", controller: Self.other),
        ])
        #expect(inventory.usbDevices(on: Self.controller).map(\.address.description) == ["1-3.1", "1-4"])
        func usage(_ holders: [DeviceKey: String]) -> Usage {
            Usage(
                allocations: Dictionary(
                    uniqueKeysWithValues: holders.map { key, vm in
                        (key, Allocation(claim: "c-\(vm)", owner: .vm(vm), primary: key))
                    }))
        }
        let lent = usage([try DeviceKey("usb-1-3.1"): "win11", try DeviceKey("usb-2-1"): "other"])
        let controller = try #require(inventory.unit(of: Self.controller))
        #expect(
            HostView(inventory: inventory, usage: lent).state(of: Self.controller.key)
                == (.blocked, "VM win11 has usb-1-3.1, which is plugged into it."))
        let refusal = Planner(inventory: inventory, usage: lent).refusal(toTake: [controller], for: "games")
        #expect(refusal?.code == .inUse && refusal?.evidence == ["usb-1-3.1 is allocated to VM win11"])
        #expect(HostView(inventory: inventory, usage: Usage()).state(of: Self.controller.key).state == .free)
        #expect(Planner(inventory: inventory, usage: Usage()).refusal(toTake: [controller], for: "games") == nil)
        let stick = try DeviceKey("usb-1-4")
        let unit = try #require(inventory.unit(of: stick))
        let games = usage([Self.controller.key: "games"])
        #expect(
            HostView(inventory: inventory, usage: games).state(of: stick)
                == (.blocked, "It is plugged into 00:14.0, which VM games has."))
        let conflict = Planner(inventory: inventory, usage: games).refusal(toTake: [unit], for: "win11")
        #expect(conflict?.code == .inUse && conflict?.evidence == ["0000:00:14.0 is allocated to VM games"])
        let elsewhere = usage([Self.other.key: "games"])
        #expect(HostView(inventory: inventory, usage: elsewhere).state(of: stick).state == .free)
        #expect(Planner(inventory: inventory, usage: elsewhere).refusal(toTake: [unit], for: "win11") == nil)
    }
}

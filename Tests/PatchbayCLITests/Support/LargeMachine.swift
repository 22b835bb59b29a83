import PatchbayCore

@testable import PatchbayAPI

/// A machine of 559 functions: eight root complexes on two NUMA nodes, each with chipset, empty ports, a switch with two
/// GPUs and a disk, and a network card; on two of them the card is cut into virtual functions.
enum LargeMachine {
    static let devices: [API.Device] = {
        var devices: [API.Device] = []
        for index in 0..<8 { devices += complex(index) }
        devices += (0..<(559 - devices.count)).map { uncore($0) }
        return devices.sorted { $0.id < $1.id }
    }()

    private static func complex(_ index: Int) -> [API.Device] {
        let bus = 0x10 * index
        let root = "pci0000:\(bus.hex(2))"
        let numa = index / 4
        var result = (0..<20).map { slot in
            device(bus, 0x10 + slot / 8, slot % 8, "\(root)/x\(slot)", "Host Bridge Function", "060000", numa, .host)
        }
        result += (1...3).map { slot in
            device(bus, 3, slot, "\(root)/03.\(slot)", "Root Port", "060400", numa, .host, isBridge: true)
        }
        result.append(device(bus, 1, 1, "\(root)/01.1", "Root Port", "060400", numa, .host, isBridge: true))
        result.append(
            device(bus + 1, 0, 0, "\(root)/01.1/00.0", "PEX880xx Switch", "060400", numa, .host, isBridge: true))
        for port in 0..<3 {
            let place = "\(root)/01.1/00.0/\(port.hex(2)).0"
            result.append(device(bus + 2, port, 0, place, "PEX880xx Switch", "060400", numa, .host, isBridge: true))
            let isDisk = port == 2
            result.append(
                device(
                    bus + 3 + port, 0, 0, place + "/00.0",
                    isDisk ? "NVMe SSD Controller PM173X" : "GA100 [A100 SXM4 40GB]", isDisk ? "010802" : "030200",
                    numa,
                    isDisk ? .host : port == 0 ? .attached : .free, group: 30 + index * 4 + port,
                    vm: port == 0 ? "trainer-\(index)" : nil, use: isDisk ? "mounted file system" : nil))
        }
        return result + card(index, bus: bus, root: root, numa: numa)
    }

    private static func card(_ index: Int, bus: Int, root: String, numa: Int) -> [API.Device] {
        let count = index % 4 == 0 ? 63 : 0
        var result = [device(bus, 2, 1, "\(root)/02.1", "Root Port", "060400", numa, .host, isBridge: true)]
        let parent = device(
            bus + 8, 0, 0, "\(root)/02.1/00.0", "MT28908 Family [ConnectX-6]", "020000", numa,
            count > 0 ? .host : .free,
            group: 100 + index, use: count > 0 ? "default route" : nil)
        result.append(parent)
        for number in 0..<count {
            var function = device(
                bus + 8, 1 + number / 8, number % 8, "\(root)/02.1/v\(number)",
                "MT28908 Family [ConnectX-6 Virtual Function]", "020000", numa, number < 3 ? .attached : .free,
                group: 200 + index * 16 + number, vm: number < 3 ? "router" : nil)
            function.parent = parent.address
            function.role = "type-VF"
            result.append(function)
        }
        return result
    }

    /// Counters and clocks of the processors: on buses of their own, without a NUMA node.
    private static func uncore(_ index: Int) -> API.Device {
        device(0xff, index / 8, index % 8, "pci0000:ff/\(index)", "Uncore Counter", "110100", nil, .host)
    }

    private static func device(
        _ bus: Int, _ slot: Int, _ function: Int, _ path: String, _ name: String, _ code: String, _ numa: Int?,
        _ state: DeviceState, group: Int? = nil, vm: String? = nil, use: String? = nil, isBridge: Bool = false
    ) -> API.Device {
        let address = "\(bus.hex(2)):\(slot.hex(2)).\(function)"
        var device = Fleet.device(address, name, group: group, numa: numa, driver: isBridge ? "pcieport" : nil, state)
        device.deviceName = name
        device.classCode = code
        device.topologyPath = path
        device.isBridge = isBridge
        device.vm = vm
        if let use {
            device.hostUses = [
                .init(reason: "mount", severity: "critical", chain: [use], sentence: "\(use): somewhere")
            ]
        }
        return device
    }
}

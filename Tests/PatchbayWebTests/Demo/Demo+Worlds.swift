import PatchbayAPI
import PatchbayCore

extension Demo {
    /// `hosts` hosts with `devices` GPUs each, every third one attached to a VM of its host.
    static func fleet(hosts: Int, devices: Int) -> Demo {
        var demo = Demo()
        for host in 1...hosts {
            let name = "host-\(host)"
            demo.hosts.append(Wire.host(name))
            for index in 0..<devices {
                let isHeld = index % 3 == 0
                demo.devices.append(
                    Wire.device(
                        name, "0000:\(index < 16 ? "0" : "")\(String(index, radix: 16)):00.0", "GA100 [A100 PCIe 80GB]",
                        group: index, numa: index % 2, driver: isHeld ? "vfio-pci" : "nvidia",
                        isHeld ? .attached : .free, vm: isHeld ? "vm-\(host)" : nil, pools: ["gpus"]))
            }
            demo.vms.append(Wire.vm("vm-\(host)", on: name))
        }
        return demo
    }

    /// One card with `count` virtual functions, the first two in use.
    static func card(functions count: Int) -> Demo {
        var demo = Demo()
        demo.hosts = [Wire.host("atlas")]
        demo.vms = [Wire.vm("router")]
        demo.devices = (0..<count).map { index in
            Wire.device(
                "atlas", "0000:b1:01.\(index)", "E810 VF", vendor: "Intel Corporation", ids: "8086:1889",
                group: 45 + index, numa: 1, driver: "iavf", index < 2 ? .attached : .free,
                vm: index < 2 ? "router" : nil, role: "type-VF", parent: "0000:b1:00.0")
        }
        return demo
    }

    /// One host of 559 functions: eight root complexes on two NUMA nodes, each with chipset, a switch with GPUs and a disk,
    /// and a card; two cards are cut into 63 virtual functions, the processors' counters are the rest.
    static let large: Demo = {
        var demo = Demo()
        demo.hosts = [Wire.host("colossus")]
        demo.surveys = ["colossus": Wire.survey(.demo("colossus"))]
        for index in 0..<8 { demo.devices += complex(index) }
        demo.devices += (0..<(559 - demo.devices.count)).map { index in
            large(0xff, index / 8, index % 8, "Uncore Counter", "110100", path: "pci0000:ff/\(index)", numa: nil, .host)
        }
        return demo
    }()

    private static func complex(_ index: Int) -> [API.Device] {
        let bus = 0x10 * index
        let root = "pci0000:\(bus < 16 ? "0" : "")\(String(bus, radix: 16))"
        let numa = index / 4
        var result = (0..<20).map {
            large(bus, 16 + $0 / 8, $0 % 8, "Host Bridge", "060000", path: "\(root)/x\($0)", numa: numa, .host)
        }
        for (slot, path) in [(1, "01.1"), (2, "02.1"), (3, "03.1"), (4, "04.1")] {
            result.append(
                large(bus, slot, 1, "Root Port", "060400", path: "\(root)/\(path)", numa: numa, .host, bridge: true))
        }
        result.append(
            large(
                bus + 1, 0, 0, "PEX880xx Switch", "060400", path: "\(root)/01.1/00.0", numa: numa, .host, bridge: true))
        for port in 0..<3 {
            let place = "\(root)/01.1/00.0/0\(port).0"
            result.append(
                large(bus + 2, port, 0, "PEX880xx Switch", "060400", path: place, numa: numa, .host, bridge: true))
            result.append(
                large(
                    bus + 3 + port, 0, 0, port == 2 ? "NVMe SSD Controller PM173X" : "GA100 [A100 SXM4 40GB]",
                    port == 2 ? "010802" : "030200", path: place + "/00.0", numa: numa,
                    port == 2 ? .blocked : port == 1 ? .free : .attached, group: 30 + 4 * index + port,
                    vm: port == 0 ? "trainer-\(index)" : nil))
        }
        let card = large(
            bus + 8, 0, 0, "MT28908 Family [ConnectX-6]", "020000", path: "\(root)/02.1/00.0", numa: numa, .host,
            group: 100 + index)
        result.append(card)
        for number in 0..<(index % 4 == 0 ? 63 : 0) {
            result.append(
                large(
                    bus + 8, 1 + number / 8, number % 8, "ConnectX Family mlx5Gen Virtual Function", "020000",
                    path: "\(root)/02.1/v\(number)", numa: numa, number < 3 ? .attached : .free,
                    group: 200 + index * 16 + number, vm: number < 3 ? "router" : nil, parent: card.address))
        }
        return result
    }

    private static func large(
        _ bus: Int, _ slot: Int, _ function: Int, _ name: String, _ code: String, path: String, numa: Int?,
        _ state: DeviceState, group: Int? = nil, vm: String? = nil, parent: String? = nil, bridge: Bool = false
    ) -> API.Device {
        func two(_ number: Int) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
        return Wire.device(
            "colossus", "0000:\(two(bus)):\(two(slot)).\(function)", name, vendor: "Maker",
            ids: "1000:\(code.prefix(4))",
            classCode: code, group: group, numa: numa, driver: nil, state, vm: vm,
            role: parent == nil ? "type-PCI" : "type-VF", parent: parent, isBridge: bridge, path: path)
    }

    /// Names that somebody chose to break pages: markup, quotes with combining marks, separators.
    static let hostile: Demo = {
        var demo = Demo.atlas
        let name = "<script>alert(1)</script>\"\u{301} onmouseover=\"x' & {{formToken}}"
        demo.devices = demo.devices.map { device in
            var changed = device
            changed.deviceName = name
            changed.name = name
            changed.reason = name
            return changed
        }
        demo.vms = [
            Wire.vm(
                name, requests: [["name": name, "pool": name, "count": 1]],
                now: [Wire.held("atlas/0000:41:00.0", name, request: name, pool: name)], next: [name], pending: true)
        ]
        demo.pools = [
            Wire.pool(
                name, name,
                rules: [
                    API.Rule(
                        name: name, host: name,
                        conditions: [API.Condition(field: "name", comparison: "=", value: name)],
                        madeFrom: name)
                ], devices: demo.devices, vms: [name])
        ]
        demo.claims = demo.claims.map { claim in
            var changed = claim
            changed.owner = API.ClaimOwner(kind: .system, name: name, tenant: name)
            changed.requests = [API.Request(name: name, pool: name, tags: [name: name])]
            return changed
        }
        demo.events = [Wire.event(1, name, "vm \(name)", name, ago: 1)]
        return demo
    }()
}

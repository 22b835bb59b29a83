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
        demo.events = [Wire.event(1, name, "vm \(name)", name, ago: 1)]
        return demo
    }()
}

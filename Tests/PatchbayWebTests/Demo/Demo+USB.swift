import PatchbayAPI
import PatchbayCore

extension Demo {
    /// The small world with what is plugged into it: a stick that the host has mounted, one that is free, one in a VM, and a
    /// key in no pool.
    static let usb: Demo = {
        var demo = Demo.atlas
        var inventory = Inventory.demo("atlas")
        var held = inventory.usb[1]
        held.address = USBAddress(kernelName: "1-6")!
        inventory.usb += [Inventory.key, held]
        demo.surveys["atlas"] = API.Survey(inventory) { standing(of: $0) }
        let sticks = inventory.usb.map { API.Device($0, in: inventory, standing: standing(of: $0.key)) }
        demo.devices += sticks
        var pool = Wire.pool(
            "sticks", "for builds", deviceClass: "usb",
            rules: [
                API.Rule(
                    name: "sandisk", conditions: [API.Condition(field: "id", comparison: "=", value: "0781:5581")])
            ],
            devices: sticks.filter { $0.pools.contains("sticks") }, vms: ["router"])
        pool.kind = .usb
        demo.pools.append(pool)
        demo.vms = demo.vms.map { vm in
            guard vm.name == "router" else { return vm }
            return Wire.vm(
                "router",
                requests: [
                    ["name": "vfs-1", "pool": "vfs", "count": 2], ["name": "sticks-1", "pool": "sticks", "count": 1],
                ],
                now: [
                    Wire.held("atlas/0000:b1:01.0", "E810 Virtual Function", request: "vfs-1", pool: "vfs"),
                    Wire.held("atlas/usb-1-6", "YubiKey 5", request: "sticks-1", pool: "sticks"),
                ], next: ["2 × any of pool vfs", "1 × any of pool sticks"])
        }
        return demo
    }()

    private static func standing(of key: DeviceKey) -> API.Device.Standing {
        let (state, reason, pools, vm): (DeviceState, String, [String], String?) =
            switch key.description {
            case "usb-1-3": (.host, "The host has it mounted at /mnt.", ["sticks"], nil)
            case "usb-1-4": (.free, "Nobody uses it.", ["sticks"], nil)
            case "usb-1-6": (.attached, "In router.", ["sticks"], "router")
            default: (.free, "Nobody uses it. It is in no pool, so no VM can get it.", [], nil)
            }
        return API.Device.Standing(state: state, reason: reason, pools: pools, holder: vm.map { .vm($0) }, binding: nil)
    }
}

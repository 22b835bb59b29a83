import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// A machine as it was read, in the API's own fields.
struct Inspection: Encodable {
    var host: API.Host
    var devices: [API.Device]
    var groups: [API.Group]
    /// What there is beside PCI functions: platform, USB, mediated devices, who holds what.
    var survey: API.Survey

    init(_ result: InventoryReader.Result) {
        let inventory = result.inventory
        let view = HostView(inventory: inventory, usage: Usage())
        let maker = DetailsMaker(inventory)
        let devices = inventory.functions.map { function in
            let (state, reason) = view.state(of: function.key)
            var device = API.Device(
                function, in: inventory,
                standing: .init(state: state, reason: reason, pools: [], holder: nil, binding: nil))
            device.details = maker.details(of: function)
            return device
        }
        let byGroup = Dictionary(grouping: devices, by: \.iommuGroup)
        self.devices = devices
        let judge = IsolationJudge(inventory)
        groups = inventory.groups.map { group in
            API.Group(group, host: inventory.host.name, members: byGroup[group.id.rawValue] ?? [], judge: judge)
        }
        host = API.Host(
            inventory, readiness: API.Readiness(inventory, Doctor.examine(inventory)), findings: result.findings,
            agent: API.AgentState(connected: false, lastSeenAt: nil, version: nil),
            deviceCounts: devices.countsByState, inventoryAt: nil, revision: 0)
        self.inventory = inventory
        let standing = { (key: DeviceKey) in
            let (state, reason) = view.state(of: key)
            return API.Device.Standing(state: state, reason: reason, pools: [], holder: nil, binding: nil)
        }
        usb = inventory.usb.filter { !$0.isHub }.map { API.Device($0, in: inventory, standing: standing($0.key)) }
        survey = API.Survey(inventory, standing: standing)
    }

    func devices(of kind: DeviceKind) -> [API.Device] {
        switch kind {
        case .pci: devices
        case .usb: usb
        }
    }

    /// Leaves only the devices that a filter accepts, and of PCI functions the groups they are in.
    mutating func keep(_ filter: DeviceFilter, of kind: DeviceKind) {
        let matcher = filter.matcher(for: kind)
        func isKept(_ device: API.Device) -> Bool {
            guard let key = try? DeviceKey(device.address), let present = inventory[key] else { return false }
            return matcher.matches(
                present, used: DeviceUse(host: host.name, state: device.state, inventory: inventory))
        }
        switch kind {
        case .pci:
            devices.removeAll { !isKept($0) }
            let kept = Set(devices.map(\.id))
            groups.removeAll { group in !group.members.contains { kept.contains($0.id) } }
        case .usb: usb.removeAll { !isKept($0) }
        }
    }

    private var usb: [API.Device]
    private(set) var inventory: Inventory

    private enum CodingKeys: String, CodingKey { case host, devices, groups, survey }
}

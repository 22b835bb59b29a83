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
                standing: .init(state: state, reason: reason, pools: [], vm: nil, binding: nil))
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
        functions = inventory.functions
        self.inventory = inventory
        survey = API.Survey(inventory.survey, host: inventory.host.name)
    }

    /// Leaves only the devices that a filter accepts, and the groups they are in.
    mutating func keep(_ filter: DeviceFilter) {
        let matcher = filter.matcher()
        let kept = Set(
            zip(functions, devices).filter { function, device in
                matcher.matches(
                    function: function, state: device.state, pools: [], vm: nil, host: host.name, in: inventory)
            }.map(\.1.id))
        devices.removeAll { !kept.contains($0.id) }
        groups.removeAll { group in !group.members.contains { kept.contains($0.id) } }
    }

    private var functions: [PCIFunction]
    private var inventory: Inventory

    private enum CodingKeys: String, CodingKey { case host, devices, groups, survey }
}

import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// A machine as it was read, in the API's own fields. What a command does not show is not worked out.
struct Inspection {
    let inventory: Inventory
    /// Without details.
    private(set) var devices: [API.Device]
    private var usb: [API.Device]
    /// Every function of the machine.
    private let functions: [API.Device]
    private let findings: [Finding]
    private let view: HostView

    init(_ result: InventoryReader.Result) {
        inventory = result.inventory
        findings = result.findings
        view = HostView(inventory: inventory, usage: Usage())
        let (inventory, view) = (inventory, view)
        functions = inventory.functions.map {
            API.Device($0, in: inventory, standing: Self.standing(of: $0.key, in: view))
        }
        devices = functions
        usb = inventory.usb.filter { !$0.isHub }.map {
            API.Device($0, in: inventory, standing: Self.standing(of: $0.key, in: view))
        }
    }

    private static func standing(of key: DeviceKey, in view: HostView) -> API.Device.Standing {
        let (state, reason) = view.state(of: key)
        return API.Device.Standing(state: state, reason: reason, pools: [], holder: nil, binding: nil)
    }

    var host: API.Host {
        API.Host(
            inventory, readiness: API.Readiness(inventory, Doctor.examine(inventory)), findings: findings,
            agent: API.AgentState(connected: false, lastSeenAt: nil, version: nil),
            deviceCounts: functions.countsByState, inventoryAt: nil, revision: 0)
    }

    /// What there is beside PCI functions: platform, USB, mediated devices, who holds what.
    var survey: API.Survey { API.Survey(inventory) { Self.standing(of: $0, in: view) } }

    /// Those that one of the devices is in, with all their members.
    var groups: [API.Group] {
        let judge = IsolationJudge(inventory)
        let members = Dictionary(grouping: functions, by: \.iommuGroup)
        let kept = Set(devices.compactMap(\.iommuGroup))
        return inventory.groups.filter { devices.count == functions.count || kept.contains($0.id.rawValue) }.map {
            group in
            API.Group(group, host: inventory.host.name, members: members[group.id.rawValue] ?? [], judge: judge)
        }
    }

    func devices(of kind: DeviceKind) -> [API.Device] {
        switch kind {
        case .pci: devices
        case .usb: usb
        }
    }

    /// The same devices with all that is known of each.
    func detailed(_ devices: [API.Device]) -> [API.Device] {
        let maker = DetailsMaker(inventory)
        return devices.map { device in
            var device = device
            device.details = present(device)?.key.pci.flatMap { inventory[$0] }.map(maker.details)
            return device
        }
    }

    /// Leaves only the devices that a filter accepts, and of PCI functions the groups they are in.
    mutating func keep(_ filter: DeviceFilter, of kind: DeviceKind) {
        let matcher = filter.matcher(for: kind)
        func isKept(_ device: API.Device) -> Bool {
            guard let present = present(device) else { return false }
            return matcher.matches(
                present, used: DeviceUse(host: inventory.host.name, state: device.state, inventory: inventory))
        }
        switch kind {
        case .pci: devices = devices.filter(isKept)
        case .usb: usb = usb.filter(isKept)
        }
    }

    private func present(_ device: API.Device) -> (any Device)? {
        (try? DeviceKey(device.address)).flatMap { inventory[$0] }
    }
}

extension Inspection: Encodable {
    private enum CodingKeys: String, CodingKey { case host, devices, groups, survey }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(host, forKey: .host)
        try fields.encode(detailed(devices), forKey: .devices)
        try fields.encode(groups, forKey: .groups)
        try fields.encode(survey, forKey: .survey)
    }
}

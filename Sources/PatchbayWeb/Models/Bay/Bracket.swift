import PatchbayAPI
import PatchbayCore

/// The functions of one IOMMU group, in the bracket that shows that they go together.
struct Bracket: Sendable, Hashable {
    let number: String
    let label: String
    let jacks: [Jack]

    /// `devices` are of one group, or one device without a group.
    init(group: Int?, devices: [API.Device]) {
        let hasGroups = devices.contains { $0.kind.needsIOMMU }
        self.number = group.map(String.init) ?? (hasGroups ? "–" : "")
        self.jacks = devices.map(Jack.init)
        guard let group else {
            self.label = hasGroups ? "no IOMMU group" : "goes alone"
            return
        }
        self.label =
            devices.count > 1
            ? "IOMMU group \(group): \(devices.count) devices, lent together" : "IOMMU group \(group)"
    }

    /// In the order of the first address of each group.
    static func brackets(of devices: [API.Device]) -> [Bracket] {
        var order: [Int?] = []
        var byGroup: [Int?: [API.Device]] = [:]
        var alone: [Bracket] = []
        for device in devices {
            guard let group = device.iommuGroup else {
                alone.append(Bracket(group: nil, devices: [device]))
                continue
            }
            if byGroup[group] == nil { order.append(group) }
            byGroup[group, default: []].append(device)
        }
        return order.map { Bracket(group: $0, devices: byGroup[$0] ?? []) } + alone
    }
}

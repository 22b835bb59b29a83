import PatchbayCore

/// A piece of a host's inventory as it is stored: no value in the store may grow with the machine.
///
/// The value under `inventories/H/PART`. What it holds never changes: a piece with other contents has another name.
enum InventoryPart: Codable, Hashable, Sendable {
    case functions([PCIFunction])
    case groups([IOMMUGroup])
    case uses([Uses])
    case usb([USBDevice])
    case mediatedParents([MediatedParent])
    case mediatedDevices([MediatedDevice])
    case holders([Holders])

    struct Uses: Codable, Hashable, Sendable {
        var device: DeviceKey
        var uses: [HostUse]
    }

    struct Holders: Codable, Hashable, Sendable {
        var device: DeviceKey
        var holders: [DeviceHolder]
    }

    /// The first part of its name, for people who look into the store.
    var kind: String {
        switch self {
        case .functions: "functions"
        case .groups: "groups"
        case .uses: "uses"
        case .usb: "usb"
        case .mediatedParents: "mediated-parents"
        case .mediatedDevices: "mediated-devices"
        case .holders: "holders"
        }
    }

    /// Two pieces of half the size; nil: it holds one thing only.
    var halves: [InventoryPart]? {
        switch self {
        case .functions(let list): list.halves?.map { .functions($0) }
        case .groups(let list): list.halves?.map { .groups($0) }
        case .uses(let list): list.halves?.map { .uses($0) }
        case .usb(let list): list.halves?.map { .usb($0) }
        case .mediatedParents(let list): list.halves?.map { .mediatedParents($0) }
        case .mediatedDevices(let list): list.halves?.map { .mediatedDevices($0) }
        case .holders(let list): list.halves?.map { .holders($0) }
        }
    }
}

extension Array {
    fileprivate var halves: [[Element]]? {
        count < 2 ? nil : [Array(self[..<(count / 2)]), Array(self[(count / 2)...])]
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A host as passthrough sees it: NUMA nodes, root complexes, switches, devices. What CLI and web draw.
///
/// What many functions say alike is folded, so that a machine of hundreds of functions fits on a page; every function
/// is still in the tree.
package struct HostTree: Hashable, Sendable {
    package struct Node: Hashable, Sendable {
        /// nil: the platform does not say where these are.
        package var number: Int?
        /// What is known of its CPUs and memory.
        package var cell: API.NUMACell?
        /// Root complexes, by bus.
        package var roots: [Item]
    }

    package struct Item: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// A root complex by its bus: `0000:40`.
            case root(String)
            /// A port or switch with more than one thing below, and the bridges it hangs from alone.
            case bridges([API.Device])
            /// A device, and the bridges that lead to it alone.
            case device(API.Device, below: [API.Device])
            case usb(API.USBDevice)
            case fold(Fold)
        }
        package var kind: Kind
        package var children: [Item]
    }

    /// Functions that are told in one line.
    package struct Fold: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// The virtual functions of one card.
            case virtualFunctions
            /// What the machine itself is made of, which nobody lends.
            case chipset
            /// Bridges with nothing below.
            case ports
            /// Neighbours of one model in one state.
            case alike
        }
        package var kind: Kind
        package var devices: [API.Device]
        /// The bridges that lead to them alone.
        package var bridges: [API.Device] = []
    }

    package var host: String
    /// By number; what is on no node last.
    package var nodes: [Node]
    /// Functions in all.
    package var count: Int
}

extension HostTree.Fold {
    package var counts: [String: Int] { devices.countsByState }

    /// The name that all of them have; nil: they differ.
    package var commonName: String? {
        let names = Set(devices.map(\.briefName))
        return names.count == 1 ? names.first : nil
    }

    /// `60 free, 3 attached`
    package var states: String {
        let counts = counts
        return DeviceState.allCases.compactMap { state in
            counts[state.rawValue].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }.joined(separator: ", ")
    }

    /// `63 VFs of ConnectX Virtual Function`
    package var title: String {
        let name = commonName.map { " of \($0)" } ?? ""
        switch kind {
        case .virtualFunctions: return "\(devices.count) VF\(devices.count == 1 ? "" : "s")\(name)"
        case .chipset: return "chipset: \(devices.count) function\(devices.count == 1 ? "" : "s")"
        case .ports: return "\(devices.count) empty port\(devices.count == 1 ? "" : "s")"
        case .alike: return "\(devices.count) × \(commonName ?? "devices")"
        }
    }

    /// Chipset and ports are nobody's to have: their states say nothing.
    package var isOfInterest: Bool {
        switch kind {
        case .virtualFunctions, .alike: true
        case .chipset, .ports: false
        }
    }

    /// Numbers of their IOMMU groups: `30-37`; empty without.
    package var groups: String { Set(devices.compactMap(\.iommuGroup)).sorted().numberList }

    /// The state of all; nil: they differ.
    package var state: DeviceState? {
        let states = Set(devices.map(\.state))
        return states.count == 1 ? states.first : nil
    }

    /// `00:18.0 … 00:19.7`
    package var span: String {
        guard let first = devices.first, let last = devices.last, devices.count > 1 else {
            return devices.first?.shortAddress ?? ""
        }
        return "\(first.shortAddress) … \(last.shortAddress)"
    }
}

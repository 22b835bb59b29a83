import PatchbayAPI
import PatchbayCore

/// Makes the tree of a host from its devices: who hangs below whom is in their topology paths.
package struct HostTreeMaker {
    private let devices: [API.Device]
    private let survey: API.Survey?
    private let isUnfolded: Bool
    /// Whatever something can hang from, by its place: bridges, and controllers of PCI domains of their own.
    private let bearers: [String: API.Device]
    private let functions: [String: [API.Device]]

    /// - Parameters:
    ///   - devices: all functions of one host.
    ///   - isUnfolded: every function gets a line of its own.
    package init(_ devices: [API.Device], survey: API.Survey? = nil, isUnfolded: Bool = false) {
        let present = devices.filter { $0.state != .missing }
        self.devices = present
        self.survey = survey
        self.isUnfolded = isUnfolded
        bearers = Dictionary(
            present.filter { $0.parent == nil && !$0.topologyPath.isEmpty }.map { ($0.topologyPath, $0) },
            uniquingKeysWith: { first, _ in first })
        let addresses = Set(present.map(\.address))
        functions = Dictionary(
            grouping: present.filter { device in device.parent.map(addresses.contains) == true },
            by: { $0.parent ?? "" })
    }

    package func make(host: String) -> HostTree {
        let below = childrenByPlace()
        let roots = below.keys.filter { bearers[$0] == nil }.sorted()
        var nodes: [Int?: [HostTree.Item]] = [:]
        for root in roots {
            let items = items(at: root, below)
            guard !items.isEmpty else { continue }
            nodes[numaNode(of: root), default: []].append(
                HostTree.Item(kind: .root(Self.bus(of: root)), children: items))
        }
        let cells = Dictionary(
            (survey?.platform.numaCells ?? []).map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
        let numbers = Set(nodes.keys).union(cells.keys.map { $0 })
        return HostTree(
            host: host,
            nodes: numbers.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { number in
                HostTree.Node(number: number, cell: number.flatMap { cells[$0] }, roots: nodes[number] ?? [])
            }, count: devices.count)
    }

    /// The devices by the bridge or root they hang from. A virtual function hangs from the function that made it.
    private func childrenByPlace() -> [String: [API.Device]] {
        var below: [String: [API.Device]] = [:]
        for device in devices where device.parent.map({ functions[$0] == nil }) ?? true {
            below[place(of: device), default: []].append(device)
        }
        return below
    }

    /// The nearest bridge above that is known, else the root.
    private func place(of device: API.Device) -> String {
        guard !device.topologyPath.isEmpty else { return "pci\(device.address.prefix(7))" }
        var path = device.topologyPath[...]
        while let slash = path.lastIndex(of: "/") {
            path = path[..<slash]
            if bearers[String(path)] != nil { return String(path) }
        }
        return String(path)
    }

    /// `0000:40` of `pci0000:40`
    private static func bus(of root: String) -> String { root.hasPrefix("pci") ? String(root.dropFirst(3)) : root }

    /// The one that most functions of a root complex name.
    private func numaNode(of root: String) -> Int? {
        var counts: [Int: Int] = [:]
        for device in devices where device.topologyPath == root || device.topologyPath.hasPrefix(root + "/") {
            if let node = device.numaNode { counts[node, default: 0] += 1 }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    private func items(at place: String, _ below: [String: [API.Device]]) -> [HostTree.Item] {
        let items = (below[place] ?? []).map { device in
            device.isBridge ? bridge(device, below) : leaf(device, below)
        }
        return isUnfolded ? items : HostTreeFolding.folded(items)
    }

    private func bridge(_ device: API.Device, _ below: [String: [API.Device]]) -> HostTree.Item {
        let children = items(at: device.topologyPath, below)
        guard !isUnfolded, children.count == 1, let only = children.first else {
            return HostTree.Item(kind: .bridges([device]), children: children)
        }
        switch only.kind {
        case .bridges(let chain): return HostTree.Item(kind: .bridges([device] + chain), children: only.children)
        case .device(let last, let chain):
            return HostTree.Item(kind: .device(last, below: [device] + chain), children: only.children)
        case .root, .usb, .fold: return HostTree.Item(kind: .bridges([device]), children: children)
        }
    }

    private func leaf(_ device: API.Device, _ below: [String: [API.Device]]) -> HostTree.Item {
        var children = items(at: device.topologyPath, below)
        if let made = functions[device.address] {
            let items = made.map { HostTree.Item(kind: .device($0, below: []), children: []) }
            children +=
                isUnfolded
                ? items : [HostTree.Item(kind: .fold(.init(kind: .virtualFunctions, devices: made)), children: [])]
        }
        children += (survey?.usb ?? []).filter {
            $0.controller == device.address && (isUnfolded || $0.kind == "device")
        }
        .map { HostTree.Item(kind: .usb($0), children: []) }
        return HostTree.Item(kind: .device(device, below: []), children: children)
    }
}

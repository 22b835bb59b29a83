import PatchbayAPI
import PatchbayCore

/// Folds what stands side by side and says the same.
enum HostTreeFolding {
    /// So many neighbours of one model in one state become one line.
    private static let alikeAbove = 3

    static func folded(_ items: [HostTree.Item]) -> [HostTree.Item] {
        let chipset = items.compactMap(\.background).flatMap { $0 }
        let ports = items.compactMap(\.emptyPorts).flatMap { $0 }
        var result = runs(items.filter { $0.background == nil && $0.emptyPorts == nil })
        if !ports.isEmpty { result.append(fold(.ports, ports)) }
        if !chipset.isEmpty { result.append(fold(.chipset, chipset)) }
        return result
    }

    private static func fold(_ kind: HostTree.Fold.Kind, _ devices: [API.Device]) -> HostTree.Item {
        HostTree.Item(kind: .fold(HostTree.Fold(kind: kind, devices: devices)), children: [])
    }

    private static func runs(_ items: [HostTree.Item]) -> [HostTree.Item] {
        var result: [HostTree.Item] = []
        var run: [(HostTree.Item, API.Device)] = []
        func close() {
            if run.count > alikeAbove {
                let bridges = run.flatMap { $0.0.bridgesAbove }
                result.append(
                    HostTree.Item(
                        kind: .fold(HostTree.Fold(kind: .alike, devices: run.map(\.1), bridges: bridges)), children: [])
                )
            } else {
                result += run.map(\.0)
            }
            run = []
        }
        for item in items {
            guard let device = item.plainDevice else {
                close()
                result.append(item)
                continue
            }
            if let last = run.last?.1, !last.saysTheSame(as: device) { close() }
            run.append((item, device))
        }
        close()
        return result
    }
}

extension HostTree.Item {
    /// A device with nothing below, however it is reached.
    fileprivate var plainDevice: API.Device? {
        if case .device(let device, _) = kind, children.isEmpty { device } else { nil }
    }

    fileprivate var bridgesAbove: [API.Device] {
        if case .device(_, let chain) = kind { chain } else { [] }
    }

    /// Bridges that nothing is plugged into.
    fileprivate var emptyPorts: [API.Device]? {
        if case .bridges(let chain) = kind, children.isEmpty { chain } else { nil }
    }

    /// The functions it stands for when it is only what the machine is made of; nil as soon as somebody has or may have one.
    fileprivate var background: [API.Device]? {
        switch kind {
        case .device(let device, let chain): children.isEmpty && device.isBackground ? chain + [device] : nil
        case .fold(let fold): fold.kind == .chipset ? fold.devices : nil
        case .bridges(let chain):
            children.isEmpty || children.contains { $0.background == nil && $0.foldedPorts == nil }
                ? nil : chain + children.flatMap { $0.background ?? $0.foldedPorts ?? [] }
        case .root, .usb: nil
        }
    }

    private var foldedPorts: [API.Device]? {
        if case .fold(let fold) = kind, fold.kind == .ports { fold.devices } else { nil }
    }
}

extension API.Device {
    fileprivate var isBackground: Bool {
        guard pools.isEmpty, vm == nil, nodes.isEmpty, binding == nil, !classCode.hasPrefix("03") else { return false }
        return hostUses.contains { $0.reason == HostUse.Reason.chipset.rawValue }
            || Self.systemClasses.contains(String(classCode.prefix(2)))
    }

    /// Memory controllers, system peripherals, encryption of the processor, counters, instrumentation.
    private static let systemClasses: Set<String> = ["05", "08", "10", "11", "13"]
}

extension API.Device {
    fileprivate func saysTheSame(as other: API.Device) -> Bool {
        vendorID == other.vendorID && deviceID == other.deviceID && state == other.state && driver == other.driver
            && vm == nil && other.vm == nil && pools == other.pools
            && hostUses.map(\.reason) == other.hostUses.map(\.reason)
    }
}

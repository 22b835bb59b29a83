/// By what a PCI function is recognised: everything about it that survives a boot, its address not among it.
package struct PCIIdentity: Hashable, Codable, Sendable {
    /// Where it is plugged in: `pci0000:00/02.0/00.0`; of a virtual function, its parent's place and its number:
    /// `pci0000:00/02.0/00.0/vf3`. Empty: the tree does not say.
    package var topologyPath: String
    package var id: PCIID
    package var subsystem: PCIID?
    /// Sorted by kind; of a virtual function, its parent's. Empty: only its place and its model tell it from others.
    package var serials: [DeviceSerial]

    package init(topologyPath: String, id: PCIID, subsystem: PCIID?, serials: [DeviceSerial]) {
        self.topologyPath = topologyPath
        self.id = id
        self.subsystem = subsystem
        self.serials = serials.sorted { ($0.kind.rawValue, $0.value) < ($1.kind.rawValue, $1.value) }
    }

    /// - Parameter parent: the physical function that made it, where it is a virtual one.
    package init(of function: PCIFunction, parent: PCIFunction?) {
        let (place, serials) =
            switch function.role {
            case .virtual(_, let index):
                ("\(parent?.topologyPath ?? function.topologyPath)/vf\(index)", parent?.details?.serials)
            case .plain, .physical: (function.topologyPath, function.details?.serials)
            }
        self.init(topologyPath: place, id: function.id, subsystem: function.subsystem, serials: serials ?? [])
    }
}

extension Inventory {
    package func identity(of function: PCIFunction) -> PCIIdentity {
        guard case .virtual(let parent, _) = function.role else { return PCIIdentity(of: function, parent: nil) }
        return PCIIdentity(of: function, parent: self[parent])
    }
}

extension PCIIdentity {
    /// Those that many devices do not share.
    package var tellingSerials: [DeviceSerial] { serials.filter(\.isTelling) }

    /// What it is recognised by, the most telling first.
    package var words: [String] {
        tellingSerials.map { "\($0.kind.words) \($0.value)" }
            + (topologyPath.isEmpty ? [] : ["place \(topologyPath)"]) + ["model \(model)"]
    }

    /// `10de:20b5 (10de:1533)`
    var model: String { subsystem.map { "\(id) (\($0))" } ?? id.description }

    func isOfSameModel(as other: PCIIdentity) -> Bool { id == other.id && subsystem == other.subsystem }

    /// Which part of its card it is: the function number, and of a virtual function its number. Cards keep these when
    /// they are plugged in elsewhere.
    var part: String {
        let components = topologyPath.split(separator: "/")
        let isVirtual = components.last?.hasPrefix("vf") ?? false
        let function = components.dropLast(isVirtual ? 1 : 0).last?.suffix(1) ?? ""
        return isVirtual ? "\(function)/\(components.last ?? "")" : String(function)
    }
}

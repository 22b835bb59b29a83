/// A named set of interchangeable devices of one kind: its rules and its settings.
///
/// VergeOS says resource group, Nova alias plus device_spec, Proxmox mapping. A device in no pool can be given to nobody.
package struct Pool: Hashable, Codable, Sendable {
    /// When its devices move to vfio-pci.
    package enum Preparation: String, Codable, Sendable, CaseIterable {
        /// When the device joins the pool; it stays there.
        case eager
        /// When a VM starts; it goes back to its own driver when the VM stops.
        case onDemand = "on-demand"
    }
    package enum Kind: String, Codable, Sendable, CaseIterable { case pci }

    /// Lower-case letters, digits, `-`, `_`, `.`; starts with a letter or digit; at most 63.
    package var name: String
    package var kind: Kind
    package var summary: String
    /// Picks an icon, nothing else.
    package var deviceClass: PoolClass
    package var preparation: Preparation
    package var rules: [Rule]

    package init(
        name: String, kind: Kind = .pci, summary: String = "", deviceClass: PoolClass = .unknown,
        preparation: Preparation = .onDemand, rules: [Rule] = []
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.deviceClass = deviceClass
        self.preparation = preparation
        self.rules = rules
    }
}

/// What a pool's devices are, for the icon.
package enum PoolClass: String, Codable, Sendable, CaseIterable {
    case gpu, storage, network, media, audio, fpga, usb, pci, unknown
}

/// A named filter on device facts, for one host or for all.
package struct Rule: Hashable, Codable, Sendable {
    package var name: String
    /// nil: every host.
    package var host: String?
    package var isEnabled: Bool
    /// All of them must hold. An enabled rule with none matches nothing.
    package var conditions: [Condition]
    /// The device it was made from by "make passthrough"; nil: made by hand.
    package var madeFrom: DeviceID?

    package init(
        name: String, host: String? = nil, isEnabled: Bool = true, conditions: [Condition], madeFrom: DeviceID? = nil
    ) {
        self.name = name
        self.host = host
        self.isEnabled = isEnabled
        self.conditions = conditions
        self.madeFrom = madeFrom
    }
}

/// One comparison of a device's field with a value. Text form: `numa=0`, `name*=A100`.
package struct Condition: Hashable, Codable, Sendable {
    package enum Comparison: String, Codable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case begins = "^="
        case ends = "$="
        case contains = "*="
        /// Contains, whatever the case.
        case containsAnyCase = "*~"
        case matches = "~"
    }

    package var field: DeviceField
    package var comparison: Comparison
    package var value: String

    package init(_ field: DeviceField, _ comparison: Comparison, _ value: String) {
        self.field = field
        self.comparison = comparison
        self.value = value
    }
}

/// The facts of a PCI device that a rule or a `--where` can ask for. The raw value is what people type.
package enum DeviceField: String, Codable, Sendable, CaseIterable {
    case name, vendor, device, id, subsystem, `class`, classname, driver, address, slot, group, numa, revision, role,
        host
    case topology, state, pool, vm
}

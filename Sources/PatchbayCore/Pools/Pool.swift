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
    /// Whether a VM gets the device again that it had at its last start.
    package enum Stickiness: String, Codable, Sendable, CaseIterable {
        /// That one; where it cannot be had, the VM is not started.
        case always
        /// That one where it is free, any other where it is not.
        case preferred
        /// `always` for disks and their controllers, `never` for everything else.
        case storage
        /// Any.
        case never
    }
    /// Lower-case letters, digits, `-`, `_`, `.`; starts with a letter or digit; at most 63.
    package var name: String
    package var kind: DeviceKind
    package var summary: String
    /// Picks an icon, nothing else.
    package var deviceClass: PoolClass
    package var preparation: Preparation
    package var rules: [Rule]
    package var stickiness: Stickiness {
        get { saidStickiness ?? .storage }
        set { saidStickiness = newValue == .storage ? nil : newValue }
    }
    private var saidStickiness: Stickiness?
    /// Of USB devices: what guests may do with them; nil: what the hypervisor does unless told otherwise.
    package var guestReset: GuestReset?

    package init(
        name: String, kind: DeviceKind = .pci, summary: String = "", deviceClass: PoolClass? = nil,
        preparation: Preparation = .onDemand, stickiness: Stickiness = .storage, rules: [Rule] = [],
        guestReset: GuestReset? = nil
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.deviceClass = deviceClass ?? (kind == .usb ? .usb : .unknown)
        self.preparation = preparation
        self.rules = rules
        self.stickiness = stickiness
        self.guestReset = guestReset
    }
}

extension Pool.Stickiness {
    /// What it comes down to for a device that a VM had: one of the others.
    package func applied(to known: KnownDevice) -> Pool.Stickiness {
        self == .storage ? (known.keepsData ? .always : .never) : self
    }
}

/// What a pool's devices are, for the icon.
package enum PoolClass: String, Codable, Sendable, CaseIterable {
    case gpu, storage, network, media, audio, fpga, usb, pci, unknown
}

extension Pool {
    /// Whether it is of its kind and an enabled rule matches it. Bridges and hubs belong to no pool, whatever the rules say.
    package func matches(_ device: some Device, on host: String) -> Bool {
        PoolMatcher(self).matches(device, on: host)
    }

    /// The devices of a host that it matches, in their order; rules are made ready once for all of them.
    package func matching(_ inventory: Inventory) -> [any Device] {
        let matcher = PoolMatcher(self)
        return inventory.devices(of: kind).filter { matcher.matches($0, on: inventory.host.name) }
    }

    /// What the device has in this pool: the tags of the first enabled rule that matches it. nil: it is not in the pool.
    /// For one device; a `PoolMatcher` is made once for many.
    package func tags(of device: some Device, on host: String) -> DeviceTags? {
        PoolMatcher(self).tags(of: device, on: host)
    }

    /// Name and rules are well formed, and no two rules have one name. Throws `.malformedInput`, `.malformedRule`.
    package func validate() throws(Problem) {
        guard Self.isWellFormed(name) else {
            throw Problem(
                .malformedInput, "\"\(name)\" is not a valid pool name.", next: [Self.nameRule])
        }
        if guestReset != nil, kind != .usb {
            throw Problem(
                .malformedInput, "Guests can reset USB devices only; pool \(name) is of kind \(kind.rawValue).",
                next: ["Leave the setting out."])
        }
        var names: Set<String> = []
        for rule in rules {
            try rule.validate(for: kind)
            guard names.insert(rule.name).inserted else {
                throw Problem(
                    .malformedRule, "Pool \(name) has two rules named \"\(rule.name)\".",
                    next: ["Give every rule of a pool its own name."])
            }
        }
    }

    static let nameRule: NextStep =
        "Use 1 to 63 lower-case letters, digits, \"-\", \"_\" and \".\"; start with a letter or a digit."

    static func isWellFormed(_ name: String) -> Bool {
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
        return isAlphanumeric(first)
            && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 95 || $0 == 46 }
    }
}

import PatchbayCore

extension API {
    package struct Pool: Codable, Hashable, Sendable {
        package var name: String
        package var kind: DeviceKind
        package var description: String
        package var deviceClass: PoolClass
        package var preparation: PatchbayCore.Pool.Preparation
        package var rules: [Rule]
        /// Matching devices that are no bridges.
        package var devices: [Device]
        package var deviceCounts: [String: Int]
        /// VMs that ask for it.
        package var vms: [String]
        package var findings: [Finding]
        /// For `If-Match`.
        package var revision: Int
        /// Whether a VM gets the device again that it had at its last start; nil: `storage`.
        package var sticky: PatchbayCore.Pool.Stickiness?
        /// Of USB devices: what becomes of a guest's wish to reset one; nil: what QEMU does, `uninitialized`.
        package var guestReset: GuestReset?
    }

    package struct Rule: WireRequest, Hashable {
        package var name: String
        /// nil: every host.
        package var host: String?
        package var isEnabled: Bool
        package var conditions: [Condition]
        /// The device it was made from.
        package var madeFrom: String?
        /// What a device has in the pool because this rule is the first that matches it; left out: nothing.
        package var tags: [String: String]?
        /// What the device that it was made from is recognised by, the most telling first. Told, and not read: a rule that is
        /// sent back keeps it.
        package var knownBy: [String]?
        package init(
            name: String, host: String? = nil, isEnabled: Bool = true, conditions: [Condition],
            madeFrom: String? = nil, tags: [String: String]? = nil, knownBy: [String]? = nil
        ) {
            self.name = name
            self.host = host
            self.isEnabled = isEnabled
            self.conditions = conditions
            self.madeFrom = madeFrom
            self.tags = tags
            self.knownBy = knownBy
        }
    }

    package struct Condition: WireRequest, Hashable {
        package var field: String
        package var comparison: String
        package var value: String
        package init(field: String, comparison: String, value: String) {
            self.field = field
            self.comparison = comparison
            self.value = value
        }
    }

    /// To create or to edit a pool; on edit, fields left out keep their value and `rules` replaces all rules.
    package struct PoolDraft: WireRequest, Hashable {
        package var name: String?
        /// Left out at creation: pci. It cannot be changed.
        package var kind: DeviceKind?
        package var description: String?
        package var deviceClass: PoolClass?
        package var preparation: PatchbayCore.Pool.Preparation?
        package var rules: [Rule]?
        /// Left out at creation: `storage`.
        package var sticky: PatchbayCore.Pool.Stickiness?
        /// For pools of USB devices only.
        package var guestReset: GuestReset?
        package init(
            name: String? = nil, kind: DeviceKind? = nil, description: String? = nil, deviceClass: PoolClass? = nil,
            preparation: PatchbayCore.Pool.Preparation? = nil, rules: [Rule]? = nil,
            sticky: PatchbayCore.Pool.Stickiness? = nil, guestReset: GuestReset? = nil
        ) {
            self.name = name
            self.kind = kind
            self.description = description
            self.deviceClass = deviceClass
            self.preparation = preparation
            self.rules = rules
            self.sticky = sticky
            self.guestReset = guestReset
        }
    }

    /// What rules would match before they are saved.
    package struct RulePreviewRequest: WireRequest, Hashable {
        package var rules: [Rule]
        /// Left out: pci.
        package var kind: DeviceKind?
        package init(rules: [Rule], kind: DeviceKind? = nil) {
            self.rules = rules
            self.kind = kind
        }
    }

    package struct RulePreview: Codable, Hashable, Sendable {
        package var devices: [Device]
        package var findings: [Finding]
    }

    /// "Make passthrough": a rule a device, into an existing pool or a new one.
    package struct PassthroughRequest: WireRequest, Hashable {
        /// `atlas/0000:41:00.0` or a unique short form.
        package var devices: [String]
        package var pool: String
        /// Makes the pool when there is none of that name; nil: the pool must exist.
        package var create: PoolDraft?
        package init(devices: [String], pool: String, create: PoolDraft? = nil) {
            self.devices = devices
            self.pool = pool
            self.create = create
        }
    }
}

/// The facts of a device that a rule or a `--where` can ask for. The raw value is what people type.
package enum DeviceField: String, Codable, Sendable, CaseIterable {
    /// `NVIDIA Corporation A100 PCIe 80GB`
    case name
    /// `10de`
    case vendor
    /// `20b5`
    case device
    /// `10de:20b5`
    case id
    /// `10de:1533`
    case subsystem
    /// `030200`: base class, sub-class, programming interface.
    case `class`
    /// `3D controller`
    case classname
    /// `nvidia`; absent when driverless.
    case driver
    /// `0000:41:00.0`, or in short `41:00.0`
    case address
    /// The address without the function, which is one for all functions of a card: `0000:41:00`, in short `41:00`.
    case slot
    /// The number of the IOMMU group.
    case group
    case numa
    /// `a1`
    case revision
    /// `type-PCI`, `type-PF`, `type-VF`
    case role
    case host
    /// `pci0000:00/02.0/00.0`
    case topology
    /// Whatever tells it from others of its model: device serial number, that of its card or disk, a MAC address.
    case serial
    /// The slot as it is printed on the board, and the firmware's name for an onboard device.
    case label
    /// Lanes of the link in use.
    case width
    /// How it can be reset: `flr`, `bus`, …; `none` when the kernel knows no way.
    case reset
    /// Of a virtual function: the address of the physical one that made it.
    case parent
    /// Virtual functions that it can have at most.
    case vfs
    /// `vendor:device:class` as OpenNebula's probe writes it, several separated by commas: `10de:*:0302,8086`.
    case pci
    /// The address without its domain, in any domain, as OpenNebula's probe writes it; several separated by commas.
    case short
    case state
    case pool
    /// The VM that holds it.
    case vm
    /// `yes` when it shares its IOMMU group with no other device.
    case alone
    /// Whether the host needs it, in one word.
    case verdict
    /// Why the host needs it.
    case use
    /// Of USB devices: where it is plugged in, as the kernel names it: `1-3.1`.
    case port
    /// Of USB devices: `5581`
    case product
    /// Of USB devices: Mbit/s.
    case speed
    /// Of USB devices: the address of the PCI function that drives its bus.
    case controller
    /// Of USB devices: the USB specification that it follows, `2.00`.
    case version
}

extension DeviceField {
    /// What the field's values are, which decides how they compare.
    enum Kind {
        case text
        /// One of a few words.
        case word([String])
        case decimal
        /// Hexadecimal digits: a `:` between its parts, each as wide as told.
        case hexadecimal([Int])
        case address
        case slot
        /// A list of which one has to match.
        case patterns
        case shortAddresses
    }

    /// - Parameter kind: the same word can mean another thing of another kind of device.
    func kind(of kind: DeviceKind) -> Kind {
        switch self {
        case .name, .classname, .driver, .host, .topology, .pool, .vm, .serial, .label, .port, .version: .text
        case .role: .word(["type-PCI", "type-PF", "type-VF"])
        case .state: .word(DeviceState.allCases.map(\.rawValue))
        case .reset: .word(["flr", "af_flr", "pm", "bus", "acpi", "device_specific", "cxl_bus", "none"])
        case .alone: .word(["yes", "no"])
        case .verdict: .word(HostVerdict.allCases.reversed().map(\.rawValue))
        case .use: .word(HostUse.Reason.allCases.map(\.rawValue))
        case .group, .numa, .width, .vfs, .speed: .decimal
        case .vendor, .device, .product: .hexadecimal([4])
        case .id, .subsystem: .hexadecimal([4, 4])
        case .class: .hexadecimal(kind == .usb ? [2] : [6])
        case .revision: .hexadecimal([2])
        case .address, .controller, .parent: .address
        case .slot: .slot
        case .pci: .patterns
        case .short: .shortAddresses
        }
    }

    /// A fact of the device itself, so a rule may use it. A rule names its host beside its conditions, and what a device
    /// is used for must not decide where it belongs.
    var isOfRules: Bool {
        switch self {
        case .host, .state, .pool, .vm, .alone, .verdict, .use: false
        case .name, .vendor, .device, .id, .subsystem, .class, .classname, .driver, .address, .slot, .group, .numa,
            .revision, .role, .topology, .serial, .label, .width, .reset, .parent, .vfs, .pci, .short, .port, .product,
            .speed, .controller, .version:
            true
        }
    }

    /// Whether devices of the kind have such a fact.
    package func isKnown(of kind: DeviceKind) -> Bool {
        switch self {
        case .name, .vendor, .id, .class, .driver, .serial, .host, .verdict, .use, .state, .pool, .vm: true
        case .port, .product, .speed, .controller, .version: kind == .usb
        case .device, .subsystem, .classname, .address, .slot, .group, .numa, .revision, .role, .topology, .label,
            .width, .reset, .parent, .vfs, .pci, .short, .alone:
            kind == .pci
        }
    }

    /// The fields of a kind of device, in the order they are listed.
    package static func all(of kind: DeviceKind) -> [DeviceField] { allCases.filter { $0.isKnown(of: kind) } }

    /// The fields that a rule for devices of a kind may use.
    package static func ofRules(_ kind: DeviceKind) -> [DeviceField] { all(of: kind).filter(\.isOfRules) }
}

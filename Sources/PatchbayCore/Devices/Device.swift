/// Something on a host that could go to a VM: what every kind of device tells of itself.
///
/// Rules, claims, placement and plans work on this alone. A folder a kind holds the answers (`PCI`, `USB`), and
/// `DeviceKinds.swift`, `DeviceKey.swift` and `DeviceIdentity.swift` the only switches over kinds.
package protocol Device: Hashable, Sendable {
    associatedtype Facts: DeviceFactSource

    static var kind: DeviceKind { get }

    var key: DeviceKey { get }
    /// What a person calls it, or its ids where nothing is known.
    var name: String { get }
    /// Stays with the host whatever a rule says: a bridge, a hub.
    var isNeverLent: Bool { get }
    /// Kernel names that stand on it: `eth0`, `nvme0n1`, `ttyUSB0`.
    var nodes: [String] { get }
    /// It is one disk itself, and no other can be plugged into it.
    var isDisk: Bool { get }
    /// It is a disk, or disks can be below it.
    var carriesDisks: Bool { get }
    /// It is a disk, or a controller of disks: a guest wants to find again what it left there.
    var keepsData: Bool { get }

    /// As a condition of a rule sees it.
    func facts(on host: String) -> Facts

    /// Conditions that it meets and no other device of its host today.
    var ownConditions: [Condition] { get }

    /// With what follows from the device itself, where a rule says nothing of it.
    func completing(_ tags: DeviceTags) -> DeviceTags

    /// By what it is known again.
    func identity(in inventory: Inventory) -> DeviceIdentity

    /// Whether it stays where it is when its mates are handed over.
    func staysWithHost(in inventory: Inventory) -> Bool

    /// What tells its unit from the other units of its host, without looking at its mates.
    var resource: UnitResource { get }

    /// What changes hands when it does.
    func unit(in inventory: Inventory) -> DeviceUnit

    /// Devices of which nobody may have one while somebody has this: what hangs on it, and what it hangs on.
    func rivals(in inventory: Inventory) -> [DeviceKey]

    /// The first thing that stands in its way, most telling first; nil: nothing does.
    func obstacle(in inventory: Inventory, knowing index: HostIndex) -> Obstacle?

    /// Where it is plugged in, as far as placement cares.
    func topology(in inventory: Inventory) -> DeviceTopology

    /// Any driver works with it, that of VFIO among them.
    var hasDriver: Bool { get }

    /// No driver of the host works with it, and a guest can have it.
    var isHandedOver: Bool { get }

    /// What has to be there before any of the kind is handed over.
    static func preparation(of inventory: Inventory) -> [Step]

    /// The steps that take it from the host; none where that has been done.
    var handOverSteps: [Step] { get }

    /// The higher, the later: what is likely to fail, fails before anything else was touched.
    var handOverRisk: Int { get }

    /// The drivers that it has now, to be given back to them later.
    var drivers: Binding.Kind { get }

    /// The steps that give it back as it was; what is there already is left out.
    func giveBackSteps(to kept: Binding.Kind) -> [Step]

    /// It is as Patchbay leaves what it takes: no driver of the host has it, or will have it by itself.
    var isTaken: Bool { get }

    /// Steps that change nothing on another device that is in its place, so that its binding ends like any other.
    var forgettingSteps: [Step] { get }

    /// Somebody else than Patchbay may have taken it from the host: it is as it would be then.
    var isTakenByStranger: Bool { get }

    /// `0000:41:00.0 is on nvidia`
    var driverWords: String { get }

    /// A running guest can get one, and give it up.
    static var canBeHotplugged: Bool { get }

    /// What a person should know before it changes hands.
    func handOverFindings(in inventory: Inventory) -> [Finding]
}

/// The kinds of devices. Fields of rules, pools and requests are of one.
package enum DeviceKind: String, Codable, Sendable, CaseIterable {
    case pci, usb

    /// In a sentence: `PCI device`.
    package var words: String {
        switch self {
        case .pci: "PCI device"
        case .usb: "USB device"
        }
    }
}

extension DeviceKind {
    /// Devices of it are pulled and plugged in while everything runs: one that is gone may be back at once.
    package var comesAndGoes: Bool {
        switch self {
        case .pci: false
        case .usb: true
        }
    }
}

extension Device {
    /// The same device as it was.
    package func isSame(as other: (any Device)?) -> Bool { (other as? Self) == self }
}

/// Where a device is plugged in: what decides who is near it, and what excludes what.
package struct DeviceTopology: Hashable, Sendable {
    /// nil: the platform does not say.
    package var node: NUMANode?
    /// nil: no SR-IOV.
    package var family: StockUnit.Family?
    /// The slot of the card that it is part of, or is made of.
    package var card: String
    /// From the root bus down to the port above it: `pci0000:00`, `02.0`. Empty: not on a PCI bus itself.
    package var ports: [String]
    /// The device that it is plugged into, and that takes it along; nil: none that could be lent.
    package var carrier: DeviceKey?
}

/// Why the host needs a device, with the evidence it stands on.
package struct HostUse: Hashable, Codable, Sendable {
    package enum Reason: String, Codable, Sendable, CaseIterable {
        /// A mounted file system lives on it.
        case mount
        /// Swap space in use lives on it.
        case swap
        /// The host wakes up from it after hibernation.
        case hibernation
        /// A crash of the host is written to it.
        case crashDump = "crash-dump"
        /// The firmware or the boot loader starts from it.
        case bootPartition = "boot-partition"
        /// The firmware starts from it, over the network or from a disk of which no partition is told.
        case bootDevice = "boot-device"
        /// A volume, array or pool on it is active, and not mounted.
        case volume
        /// It carries the default route, directly or under bridges, bonds and VLANs.
        case defaultRoute = "default-route"
        /// The firmware's console is on it.
        case bootDisplay = "boot-display"
        /// A PCI bridge: stays with the host whatever happens.
        case bridge
        /// Part of the chipset or of the board's management.
        case chipset
        /// Its virtual functions are in use.
        case virtualFunctions = "virtual-functions"
        /// A file system, array or volume that is not mounted lies on it.
        case storedData = "stored-data"
        /// A disk of a running VM lies on it.
        case vmDisk = "vm-disk"
        /// A route to a storage server, a peer or the operator leaves by it.
        case route
        /// A bond, bridge or switch of the host has it as a member.
        case networkMember = "network-member"
        /// A program takes all packets that come in on it.
        case listener
        /// The host starts over it from another machine.
        case networkBoot = "network-boot"
        /// The host's console, keyboard or picture is on it.
        case console
        /// The board's management controller.
        case management
        /// A USB device that the host uses is below it.
        case usb
        /// A PCI domain (Intel VMD) with used devices is below it.
        case childDomain = "child-domain"
        /// Programs have it open.
        case holder
        /// Mediated devices on it are in use.
        case mediatedDevices = "mediated-devices"
        /// Memory on it is part of the host's memory.
        case memory
        /// The kernel or a program has work done by it.
        case accelerator
        /// Its network interface is in another network namespace, or cannot be seen.
        case otherNamespace = "other-namespace"
        /// It is bound to a driver that hands it to a program.
        case userSpace = "user-space"
    }

    /// As severe as the verdict that it makes.
    package enum Severity: String, Codable, Sendable, CaseIterable {
        /// Taking it away can cut the host off or stop it: never handed over.
        case critical
        /// The host uses it now; it can be freed by a person first.
        case inUse = "in-use"
        /// Nobody uses it, but data lies on it: lending it may lose that, so a person has to allow it.
        case dataAtRisk = "data-at-risk"
        /// What was read cannot tell whether the host needs it: not called free.
        case unknown
    }

    package var reason: Reason
    package var severity: Severity
    /// From what the host needs down to the function: `/`, `dm-0`, `md0`, `nvme0n1p2`, `nvme0n1`, `0000:01:00.0`.
    package var chain: [String]

    package init(_ reason: Reason, _ severity: Severity, chain: [String]) {
        self.reason = reason
        self.severity = severity
        self.chain = chain
    }

    /// `root file system: / → nvme0n1p2 → nvme0n1 → 0000:01:00.0`
    package var sentence: String { "\(words): \(chain.joined(separator: " → "))" }

    /// The code of the refusal that it makes.
    package var code: ProblemCode {
        switch (reason, severity) {
        case (.bridge, _): .notAssignable
        case (.virtualFunctions, _): .virtualFunctionsInUse
        case (.bootDisplay, .critical): .bootDisplay
        case (_, .critical): .hostCritical
        case (_, .inUse): .inUse
        case (_, .dataAtRisk): .dataAtRisk
        case (_, .unknown): .notProvenFree
        }
    }

    /// The reason in words.
    package var words: String {
        switch reason {
        case .mount: severity == .unknown ? "mounted file system" : mountWords
        case .swap: "swap space in use"
        case .hibernation: "hibernation space"
        case .crashDump: "crash dump target"
        case .bootPartition: "boot partition"
        case .bootDevice: "boot device"
        case .volume: "active volume"
        case .defaultRoute: severity == .unknown ? "default route could not be traced" : "default route"
        case .bootDisplay: "boot display"
        case .bridge: "PCI bridge"
        case .chipset: "chipset function"
        case .virtualFunctions: "virtual functions in use"
        case .storedData: "stored data"
        case .vmDisk: severity == .dataAtRisk ? "disk of a VM that is off" : "disk of a running VM"
        case .route: severity == .unknown ? "routes could not be read" : "route in use"
        case .networkMember: "member of the host's network"
        case .listener: "a program listens on it"
        case .networkBoot: "boot over the network"
        case .console: "console"
        case .management: "board management"
        case .usb: "USB device in use"
        case .childDomain: "PCI domain below it"
        case .holder: severity == .unknown ? "programs could not be read" : "open by a program"
        case .mediatedDevices: "mediated devices in use"
        case .memory: severity == .unknown ? "memory of a card" : "memory in use"
        case .accelerator: "accelerator in use"
        case .otherNamespace:
            severity == .unknown ? "network interfaces not all visible" : "network interface in another namespace"
        case .userSpace: isOfXen ? "reserved for Xen guests" : "driver of a program"
        }
    }

    /// By the drivers of Xen that hold a function for another domain: `pciback`, and `xen-pciback` as a module.
    var isOfXen: Bool { reason == .userSpace && chain.first?.hasSuffix("pciback") == true }

    private var mountWords: String { chain.first == "/" ? "root file system" : "mounted file system" }
}

extension HostUse.Severity: Comparable {
    package static func < (a: HostUse.Severity, b: HostUse.Severity) -> Bool { HostVerdict(a) < HostVerdict(b) }
}

/// Whether the host needs a device, in one word.
package enum HostVerdict: String, Codable, Sendable, SeverityScale {
    case free
    case dataAtRisk = "data-at-risk"
    case unknown
    case inUse = "in-use"
    case critical
}

extension HostVerdict {
    /// - Parameter severity: of the most severe use; nil: there is none.
    package init(_ severity: HostUse.Severity?) {
        self =
            switch severity {
            case .critical: .critical
            case .inUse: .inUse
            case .unknown: .unknown
            case .dataAtRisk: .dataAtRisk
            case nil: .free
            }
    }
}

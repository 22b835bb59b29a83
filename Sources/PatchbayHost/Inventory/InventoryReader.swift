import CPatchbayHost
import PatchbayCore

/// Reads a host into a value: the live one (`/`), or a recorded tree of the same shape.
///
/// Cheap enough to be done again after every device event; blocking, so call it off the event loops.
package struct InventoryReader: Sendable {
    /// What was read, and what could not be: nothing is dropped silently.
    package struct Result: Hashable, Sendable {
        package var inventory: Inventory
        package var findings: [Finding]
        /// Where every mounted file system is, as far as it can be told.
        package var mounts: [MountBacking]
        /// What its processes tell of its devices.
        package var sights = ProcessSights()
        /// What a later refresh starts from.
        let readings: FunctionReadings
        let usb: USBReading
    }

    let root: String
    let hostName: String?
    let lockedDevices: Set<DeviceKey>
    var locked: Set<PCIAddress> { Set(lockedDevices.compactMap(\.pci)) }
    let peers: [IPAddress]
    private let firmware: FirmwareMemory?

    /// - Parameters:
    ///   - hostName: nil: the name that the tree gives, or the name of its directory.
    ///   - locked: devices on which a write hangs in the kernel; what would hang with it is not read.
    ///   - peers: who must stay reachable whatever happens: the server this host's agent talks to.
    ///   - firmware: what earlier readings had of the firmware; nil: it is read anew.
    package init(
        root: String, hostName: String? = nil, locked: Set<DeviceKey> = [], peers: [IPAddress] = [],
        firmware: FirmwareMemory? = nil
    ) {
        self.root = root
        self.hostName = hostName
        lockedDevices = locked
        self.peers = peers
        self.firmware = firmware
    }

    /// Throws `.unreadable` when `root` is no directory, or holds no `sys`.
    package func read() throws(Problem) -> Inventory { try observe().inventory }

    /// The same with everything that is to be said about the reading.
    package func observe() throws(Problem) -> Result {
        let tree = try openTree()
        let (host, readings) = try ReadingTrouble.watch(root: root, countsDenied: isRoot) {
            let numa = NUMALayout(tree)
            return (
                HostFactsReader(tree: tree).read(name: hostName, numa: numa),
                FunctionReadings(tree, numa: numa, locked: locked)
            )
        }
        return try ReadingTrouble.watch(root: root) { result(tree, host, readings) }
    }

    /// Nothing that functions are read from is closed to us.
    var isRoot: Bool { pb_is_root() == 1 }

    func openTree() throws(Problem) -> HostTree {
        let tree = try HostTree(root: root, firmware: firmware)
        guard tree.exists(SysfsPath.sys) else {
            throw Problem(
                .unreadable, "The directory \"\(root)\" has no sysfs.",
                next: ["Use / for this machine, or the top directory of a recorded tree, which holds sys and proc."]
            )
        }
        return tree
    }

    /// The attributes of a USB device wait for its lock (`drivers/usb/core/sysfs.c`): while a write hangs on one they are those
    /// that were known.
    func usbReading(_ tree: HostTree, _ host: String, _ known: USBReading? = nil) -> USBReading {
        let isLocked = lockedDevices.contains { $0.usb != nil }
        return isLocked ? known ?? USBReading() : USBReader(tree: tree, host: host).read()
    }

    /// Puts together what was read of the functions and what is read each time: readiness, interfaces, disks, host uses.
    ///
    /// - Parameters:
    ///   - earlier: groups that were read before; nil: none.
    ///   - touched: functions that were read again since: their groups are read, too.
    ///   - usb: those that are known; nil: they are read.
    ///   - known: what processes told before; nil: they are looked at.
    ///   - guests: those that were seen before.
    func result(
        _ tree: HostTree, _ host: HostFacts, _ readings: FunctionReadings, since earlier: [IOMMUGroup]? = nil,
        touching touched: Set<PCIAddress> = [], usb: USBReading? = nil, knowing known: ProcessSights? = nil,
        guests: [GuestProcesses.Known] = []
    ) -> Result {
        var survey = FunctionSurvey(readings, host: host.name)
        let usb = usb ?? usbReading(tree, host.name)
        let blocks = BlockDevices(tree)
        survey.addNodes(blocks: blocks, tree: tree)
        survey.addSilence(tree: tree)
        let groups = survey.groups(tree, since: earlier, touching: touched)
        let readiness = ReadinessReader(tree: tree, isPCIGrouped: !groups.isEmpty).read(release: host.kernel)
        var inventory = Inventory(
            host: host, readiness: readiness, functions: survey.functions, groups: groups, usb: usb.devices)
        let sights = known ?? HolderScan(tree: tree).sights(blocks: blocks, knowing: guests)
        let uses = HostUses(
            tree: tree, inventory: inventory, blocks: blocks, peers: peers, sights: sights, locked: locked
        ).read()
        inventory.hostUses = uses.uses
        var result = Result(
            inventory: inventory, findings: survey.findings + usb.findings + uses.findings, mounts: uses.mounts,
            sights: sights, readings: readings, usb: usb)
        result.tellFindings()
        return result
    }
}

extension InventoryReader.Result {
    /// Gives the inventory what is to be said about its reading, so that it goes wherever the inventory goes.
    ///
    /// - Parameter derived: findings that follow from the inventory itself: whoever has it can work them out.
    mutating func tellFindings(butFor derived: Set<Finding> = []) {
        let told = Finding.few(findings.filter { !derived.contains($0) })
        inventory.findings = told.isEmpty ? nil : told
    }

    /// What only a survey looks for, by code.
    static let surveyed: Set = ["vpd-timeout"]
}

extension Finding {
    /// The first ones of each kind, and for the rest how many there are: the list does not grow with the machine.
    static func few(_ findings: [Finding], ofEach most: Int = 20) -> [Finding] {
        guard findings.count > most else { return findings }
        var counts: [String: Int] = [:]
        var few: [Finding] = []
        for finding in findings {
            counts[finding.code, default: 0] += 1
            if counts[finding.code, default: 0] <= most { few.append(finding) }
        }
        for (code, count) in counts.sorted(by: { $0.key < $1.key }) where count > most {
            guard let last = few.last(where: { $0.code == code }) else { continue }
            let host = String(last.subject.prefix { $0 != "/" })
            few.append(
                Finding(
                    code, last.severity, subject: host, "There are \(count - most) more like this: \(last.sentence)",
                    next: [NextStep("See all of them on the host", .inspectHost(asRoot: true))]))
        }
        return few
    }
}

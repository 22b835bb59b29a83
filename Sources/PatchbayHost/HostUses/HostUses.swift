import PatchbayCore

/// Works out what the host needs for itself, each with the chain it stands on.
///
/// Read again before every change: a disk mounted a second ago is in use. What the tree cannot prove is never called
/// free: it is `unknown`, or data at risk (docs/decisions/0007).
struct HostUses {
    struct Result {
        var uses: [DeviceKey: [HostUse]] = [:]
        var findings: [Finding] = []
        var mounts: [MountBacking] = []
    }

    private let tree: HostTree
    private let inventory: Inventory
    private let blocks: BlockDevices
    private let peers: [IPAddress]
    private let sights: ProcessSights
    private let locked: Set<PCIAddress>
    private let asked: Set<PCIAddress>?

    /// - Parameters:
    ///   - peers: who must stay reachable whatever happens: the server this host's agent talks to.
    ///   - sights: what its processes tell.
    ///   - locked: functions on which a write hangs in the kernel.
    ///   - asked: those whose uses are to be right, with the virtual functions that they have made and what is below them; of
    ///     others uses may be missing. nil: all.
    init(
        tree: HostTree, inventory: Inventory, blocks: BlockDevices, peers: [IPAddress] = [],
        sights: ProcessSights = ProcessSights(), locked: Set<PCIAddress> = [], asked: Set<PCIAddress>? = nil
    ) {
        self.tree = tree
        self.inventory = inventory
        self.blocks = blocks
        self.peers = peers.filter { !$0.isLoopback }
        self.sights = sights
        self.locked = locked
        self.asked = asked
    }

    func read() -> Result {
        var ledger = UseLedger(inventory, asked: asked)
        let board = BoardUses(tree: tree)
        board.add(to: &ledger)
        let storage = StorageUses(blocks, elsewhere: sights.mounts, guests: sights.guests)
        let remotes = storage.add(to: &ledger)
        var network = NetworkUses(tree: tree, inventory: inventory, peers: peers)
        network.add(remotes: remotes, to: &ledger)
        NetworkBoot(tree: tree, interfaces: network.interfaces, waysOut: network.waysOut).add(to: &ledger)
        let consoles = ConsoleUses(tree)
        consoles.add(to: &ledger)
        USBUses(tree: tree).add(consoleIsLocal: consoles.isLocal, to: &ledger)
        ProgramUses(tree: tree, sights: sights, locked: locked).add(to: &ledger)
        board.addParents(to: &ledger)
        return Result(uses: ledger.uses, findings: ledger.findings, mounts: storage.mounts)
    }
}

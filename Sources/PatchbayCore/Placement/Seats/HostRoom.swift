/// What of a host's CPUs, memory and hugepages is left for guests that are to come.
///
/// Made from what the kernel told at the last survey and from what guests have by our own books: seats of live claims and
/// running domains. Memory that the kernel calls free is not asked: files that it keeps in memory make it look small.
///
/// - Memory: a node has its total, without the hugepages that are set aside and without a reserve for the host (`reserve`).
///   Guests with a seat take it from their nodes. Those that float take it from the sum, because nobody knows from where.
/// - Hugepages: guests with a seat take them from their nodes. What else is in use at the survey belongs to somebody else:
///   guests of other tools, or programs such as a software switch.
/// - CPUs: where some are isolated (`isolcpus=`), those alone are given to one guest each, the others are shared by the
///   host and all other guests. Where none are, all can be given away, and no guest may float on such a host.
///
/// CPUs to which other tools have tied guests are not seen: the listing of domains does not tell them.
package struct HostRoom: Hashable, Sendable {
    /// One NUMA node.
    package struct Node: Hashable, Sendable {
        package let node: NUMANode
        /// `physical_package_id` of its CPUs; a node is no socket. Empty for memory without CPUs.
        package let sockets: [Int]
        /// Sibling CPUs of each core, sorted; one alone each where the kernel does not tell siblings.
        package let cores: [[Int]]
        /// Whether the kernel tells which CPUs share a core.
        package let knowsSiblings: Bool
        package let distances: [NUMANode: Int]
        /// Ordinary memory for guests; nil: the kernel does not tell.
        package internal(set) var freeMiB: Int?
        /// Pages for guests, by size in KiB.
        package internal(set) var freePages: [Int: Int]

        package var cpus: [Int] { cores.flatMap(\.self).sorted() }
        package var hasCPUs: Bool { !cores.isEmpty }
    }

    package internal(set) var host: String
    /// Sorted by node. Empty: the host does not tell, and what is left is not known.
    package internal(set) var nodes: [Node]
    package internal(set) var isPinned: Bool
    /// CPUs that the host's scheduler leaves alone.
    let isolated: Set<Int>
    /// Logical CPUs; nil: not told.
    let cpuCount: Int?
    /// Each belongs to one guest, siblings that are left idle included.
    var dedicated: Set<Int> = []
    /// By how many guests a CPU is shared; no key: by none that is tied to it.
    var sharing: [Int: Int] = [:]
    /// Virtual CPUs of guests that have none for themselves.
    var sharedVCPUs = 0
    /// Ordinary memory of guests that float.
    var floatingMiB = 0

    /// How many virtual CPUs a CPU may have to serve: guests that wait for each other still get on up to there. It is a
    /// limit against mistakes, not a promise of speed; OpenStack long had the same.
    package static let overcommit = 16

    /// What the host and the emulators of the guests keep of a node's memory: a GiB, of small nodes a sixteenth.
    package static func reserve(ofMiB total: Int) -> Int { min(1024, total / 16) }

    /// - Parameters:
    ///   - platform: nil: the host was never surveyed.
    ///   - domains: as the hypervisor lists them; those that are down take nothing.
    ///   - seats: of live claims, by VM.
    ///   - floating: needs of VMs without a seat whose claim is live; those that run are counted as they run.
    package init(
        host: String, platform: HostPlatform?, settings: HostSettings, domains: [Domain] = [],
        seats: [String: GuestSeat] = [:], floating: [String: GuestNeeds] = [:]
    ) {
        self.host = host
        isPinned = settings.isPinned
        isolated = Set(platform?.cpu.isolated ?? [])
        let running = domains.filter(\.isUp)
        let names = Set(running.map(\.name))
        let sitting = seats.filter { names.contains($0.key) }.map(\.value)
        var seen: Set<Int> = []
        let cells = platform?.numaCells ?? []
        nodes = cells.map { Node($0, among: cells, not: &seen) }
        cpuCount = seen.isEmpty ? platform?.cpu.threads : seen.count
        let strangersMiB = leavePagesToStrangers(cells, sitting: sitting)
        for seat in seats.values { take(seat) }
        for domain in running where seats[domain.name] == nil {
            sharedVCPUs = sharedVCPUs.plus(domain.vcpus ?? 0)
            floatingMiB = floatingMiB.plus(domain.memoryMiB ?? 0)
        }
        floatingMiB = max(0, floatingMiB.minus(strangersMiB))
        for (name, needs) in floating where seats[name] == nil && !names.contains(name) { take(floating: needs) }
    }

    /// The same for a host of the inventory, with the claims on it.
    package init(
        _ inventory: Inventory, settings: HostSettings, domains: [Domain], claims: some Sequence<Claim>,
        floating: [String: GuestNeeds] = [:]
    ) {
        var seats: [String: GuestSeat] = [:]
        for claim in claims where claim.host == inventory.host.name {
            if let seat = claim.decision?.seat { seats[claim.owner.vm ?? claim.owner.words] = seat }
        }
        self.init(
            host: inventory.host.name, platform: inventory.survey?.platform, settings: settings, domains: domains,
            seats: seats, floating: floating)
    }
}

extension HostRoom {
    package subscript(node: NUMANode) -> Node? { nodes.first { $0.node == node } }
    func place(of node: NUMANode) -> Int? { nodes.firstIndex { $0.node == node } }

    /// False for a host that was never surveyed, or whose kernel knows no nodes with CPUs.
    package var isKnown: Bool { nodes.contains { $0.hasCPUs } }

    /// The sockets that the CPUs of these nodes are on, sorted: several nodes may share one, or one have several.
    package func sockets(of nodes: [NUMANode]) -> [Int] { Set(nodes.flatMap { self[$0]?.sockets ?? [] }).sorted() }

    /// Pages in use that none of our seats explains. Returns how much memory that is.
    private mutating func leavePagesToStrangers(_ cells: [NUMACell], sitting: [GuestSeat]) -> Int {
        var strangersMiB = 0
        for (index, cell) in cells.enumerated() {
            for pool in cell.hugepages where pool.sizeKiB > 0 {
                let ours = sitting.filter { $0.hugepageKiB == pool.sizeKiB }.flatMap(\.cells)
                    .filter { $0.node == cell.node }.reduce(0) { $0.plus($1.memoryMiB.times(1024) / pool.sizeKiB) }
                let strangers = max(0, pool.total.minus(pool.free).minus(ours))
                nodes[index].freePages[pool.sizeKiB] = pool.total.minus(strangers)
                strangersMiB = strangersMiB.plus(strangers.times(pool.sizeKiB) / 1024)
            }
        }
        return strangersMiB
    }
}

extension HostRoom.Node {
    /// - Parameter seen: CPUs of nodes before it; a kernel that plays at NUMA (`numa=fake`) lists CPUs in several. Of cores
    ///   that share one the first has it.
    init(_ cell: NUMACell, among cells: [NUMACell], not seen: inout Set<Int>) {
        node = cell.node
        sockets = cell.sockets
        let told = cell.cores.flatMap(\.self)
        knowsSiblings = Set(told) == Set(cell.cpus)
        let cores = knowsSiblings ? cell.cores : cell.cpus.map { [$0] }
        self.cores = cores.filter { core in
            guard !core.isEmpty, core.allSatisfy({ !seen.contains($0) }) else { return false }
            seen.formUnion(core)
            return true
        }
        seen.formUnion(cell.cpus)
        distances = Dictionary(
            zip(cells.map(\.node), cell.distances).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
        let pages = cell.hugepages.reduce(0) { $0.plus($1.total.times($1.sizeKiB) / 1024) }
        freeMiB = cell.memoryMiB.map { $0.minus(pages).minus(HostRoom.reserve(ofMiB: $0)) }
        freePages = Dictionary(cell.hugepages.map { ($0.sizeKiB, $0.total) }, uniquingKeysWith: { first, _ in first })
    }
}

import PatchbayAPI
import PatchbayCore

/// Where a guest sits on its host: which CPUs and memory of which nodes.
struct SeatCard: Sendable, Hashable {
    let pin: String
    let pages: String
    let cells: [Cell]
    let dedicated: String

    struct Cell: Sendable, Hashable {
        /// `Guest cell 0 on NUMA node 1`
        let title: String
        let vcpus: String
        let cpus: String
        let memory: String
    }

    init(_ seat: API.Seat) {
        self.pin = Self.words(seat.pin)
        self.pages = seat.hugepages.map { "huge pages of \($0)" } ?? "ordinary pages"
        self.cells = zip(seat.cells.indices, seat.cells).map { index, cell in
            Cell(
                title: "Cell \(index) on NUMA node \(cell.node)", vcpus: SizeWords.ranges(cell.vcpus),
                cpus: SizeWords.ranges(cell.cpus), memory: SizeWords.mebibytes(cell.memoryMiB))
        }
        self.dedicated = seat.dedicatedCPUs.isEmpty ? "" : SizeWords.ranges(seat.dedicatedCPUs)
    }

    static func words(_ pin: PinPolicy) -> String {
        switch pin {
        case .none: "unpinned: any CPU of the host"
        case .shared: "on CPUs of its NUMA nodes, shared with others"
        case .thread: "a dedicated hardware thread for each virtual CPU"
        case .core: "a dedicated core for each virtual CPU"
        }
    }
}

import PatchbayCore

/// Where each logical CPU is, by `sys/devices/system/cpu/cpu<n>/topology`, or by `proc/cpuinfo` where that is all there
/// is. CPUs that are offline are in neither.
struct CPUTopology {
    struct Place: Hashable {
        /// `physical_package_id`; nil: the platform does not say (-1).
        var socket: Int?
        /// The CPUs of its core, as the kernel lists them: the same text for all of them.
        var core: String
    }
    /// By CPU number.
    private(set) var cpus: [Int: Place] = [:]

    init(_ tree: HostTree, cpuInfo: CPUInfo) {
        for name in tree.names(SysfsPath.cpuDevices) ?? [] where name.hasPrefix("cpu") {
            guard let number = Int(name.dropFirst(3)), number >= 0,
                let directory = AttributeDirectory(tree, "\(SysfsPath.cpu(number))/topology")
            else { continue }
            let socket = directory.decimal("physical_package_id").flatMap { $0 < 0 ? nil : $0 }
            let core = directory.decimal("core_id").map { "\(socket ?? -1)/\($0)" }
            // Core numbers repeat between the dies of some packages; the list of a core's CPUs does not.
            guard let siblings = directory.line("thread_siblings_list") ?? core else { continue }
            cpus[number] = Place(socket: socket, core: siblings)
        }
        guard cpus.isEmpty else { return }
        for processor in cpuInfo.processors {
            guard let socket = processor.socket, let core = processor.core else { continue }
            cpus[processor.number] = Place(socket: socket, core: "\(socket)/\(core)")
        }
    }

    var sockets: Int? { count(cpus.values.compactMap(\.socket)) }
    var cores: Int? { count(cpus.values.map(\.core)) }
    var threads: Int? { cpus.isEmpty ? nil : cpus.count }

    /// The CPUs among these that share a core, each sorted, by their first. CPUs that tell no core are in none.
    func cores(of numbers: [Int]) -> [[Int]] {
        Dictionary(grouping: numbers.filter { cpus[$0] != nil }) { cpus[$0]?.core }.values
            .map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    private func count(_ values: [some Hashable]) -> Int? {
        let count = Set(values).count
        return count == 0 ? nil : count
    }
}

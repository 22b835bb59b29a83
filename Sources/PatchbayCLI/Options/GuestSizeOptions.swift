import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

extension PinPolicy: ExpressibleByArgument {}

/// How large a guest is, and how it sits on its host.
struct GuestSizeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Profile that supplies what is not given here.", valueName: "profile"),
        completion: .names(.profile))
    var profile: String?
    @Option(
        help: ArgumentHelp("Number of virtual CPUs; when omitted, those of the profile, else 1.", valueName: "number"))
    var cpus: Int?
    @Option(
        help: ArgumentHelp(
            "Memory in MiB, or with a unit as in 8G; when omitted, that of the profile, else 1024.", valueName: "size"))
    var memory: MemoryArgument?
    @Option(
        help: ArgumentHelp(
            """
            How the guest's CPUs are pinned: none (they float; the default), shared (to the CPUs of its NUMA nodes), thread (one \
            hardware thread for each), core (one whole core for each). thread and core need a pinned host.
            """, valueName: "policy"))
    var pin: PinPolicy?
    @Option(help: ArgumentHelp("Back the memory with huge pages of this size: 2M or 1G.", valueName: "size"))
    var hugepages: String?
    @Option(
        help: ArgumentHelp("Number of NUMA cells of the guest; the fewest that fit when omitted.", valueName: "number"))
    var cells: Int?

    private static let leastMemory = 16

    func validate() throws {
        if let cpus, cpus < 1 { throw ValidationError("--cpus must be at least 1") }
        if let cells, cells < 1 { throw ValidationError("--cells must be at least 1") }
        if let memory, memory.mebibytes < Self.leastMemory {
            throw ValidationError("--memory \(memory.mebibytes) is too little; give at least \(Self.leastMemory) MiB")
        }
    }

    var isEmpty: Bool {
        profile == nil && cpus == nil && memory == nil && pin == nil && hugepages == nil && cells == nil
    }

    /// Throws `.malformedInput` for a size of pages that is none.
    func check() throws(Problem) {
        if let hugepages { _ = try HugepageWords.kibibytes(hugepages) }
    }
}

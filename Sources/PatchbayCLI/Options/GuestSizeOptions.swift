import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PinPolicy: ExpressibleByArgument {}

/// How large a guest is, and how it sits on its host.
struct GuestSizeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What is not said is as this profile says; see patchbay profile list.", valueName: "name"))
    var profile: String?
    @Option(help: "Virtual CPUs; 1 when neither this nor a profile says.")
    var cpus: Int?
    @Option(
        help: ArgumentHelp(
            "Memory, as 8G or in MiB; 1024 when neither this nor a profile says.", valueName: "size"))
    var memory: MemoryArgument?
    @Option(
        help: "How its CPUs are tied to the host's: none, shared, thread or core. thread and core need a pinned host.")
    var pin: PinPolicy?
    @Option(help: ArgumentHelp("Size of the pages its memory is made of: 2M or 1G.", valueName: "size"))
    var hugepages: String?
    @Option(help: "How many NUMA cells it sees; the fewest that fit when left out.")
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

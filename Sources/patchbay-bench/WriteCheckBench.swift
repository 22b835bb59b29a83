import ArgumentParser
import PatchbayCore
import PatchbayHost

/// What an agent reads right before a write: the device with its group, host uses, and who has nodes of it open.
struct WriteCheckBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write-check", abstract: "Measure what an agent reads again right before each write.")

    @Option(help: "Directory to read; without it a tree is made for the run.") var root: String?
    @Option(help: "How many functions a made tree has.") var functions = 2000
    @Option(help: "How many processes a made tree has.") var processes = 500
    @Option(help: "How many files each of them has open.") var files = 20
    @Option(help: "How often it is measured, after two rounds that do not count.") var runs = 40

    func validate() throws {
        guard (1...100_000).contains(functions), (1...100_000).contains(runs), (0...100_000).contains(processes),
            (0...1000).contains(files)
        else {
            throw ValidationError(
                "--functions and --runs are from 1 to 100000, --processes from 0 to 100000, --files from 0 to 1000.")
        }
    }

    func run() async throws {
        try await MadeTree.with(
            root,
            make: { folder in
                let host = SyntheticHost(root: folder, functions: functions)
                try host.make()
                try host.makeProcesses(processes, files: files)
            }, measure: measure)
    }

    private func measure(_ root: String) throws {
        let reader = InventoryReader(root: root)
        let host = try reader.observe()
        let scan = HolderScan(tree: try HostTree(root: root))
        let endpoints = host.inventory.functions.filter { !$0.isBridge && $0.role == .plain }
        guard let device = endpoints.isEmpty ? nil : endpoints[endpoints.count / 2].address else {
            throw ValidationError("This tree has no device to take.")
        }
        var (facts, holders, floor, processor) = (Samples(), Samples(), Samples(), Samples())
        for round in 0..<(runs + 2) {
            if round == 2 { (facts, holders, floor, processor) = (Samples(), Samples(), Samples(), Samples()) }
            floor.measure { _ = DescriptorFloor.run(root) }
            let before = ProcessorTime.used
            try facts.measure { _ = try reader.reading(deciding: [device.key], since: host) }
            holders.measure { _ = scan.holders(of: device.key) }
            processor.add((ProcessorTime.used - before) / 1000)
        }
        try Bench.tell(
            Report(
                functions: host.inventory.functions.count, processor: processor.summary, facts: facts.summary,
                holders: holders.summary, floor: floor.summary,
                ratios: ["holdersToFloor": holders.summary?.ratio(to: floor.summary)].compactMapValues(\.self),
                load: LoadAverage.lastMinute))
    }

    private struct Report: Encodable {
        var benchmark = "write-check"
        var functions: Int
        /// Of all threads together, for both.
        var processor: Samples.Summary?
        /// Of the clock: the device, its group and the host's uses.
        var facts: Samples.Summary?
        /// Of the clock: one pass over the processes.
        var holders: Samples.Summary?
        /// Of the clock: the same descriptors listed and read, and nothing kept.
        var floor: Samples.Summary?
        var ratios: [String: Double]
        var load: Double?
    }
}

import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayHost

/// What an agent reads right before a write: the device with its group, host uses, and who has nodes of it open.
struct WriteCheckBench: ParsableCommand {
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

    func run() throws {
        guard let root else {
            let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-bench-\(UUID().uuidString)")
            let host = SyntheticHost(root: folder, functions: functions)
            try host.make()
            try host.makeProcesses(processes, files: files)
            let outcome = Result { try measure(folder.path) }
            try FileManager.default.removeItem(at: folder)
            return try outcome.get()
        }
        try measure(root)
    }

    private func measure(_ root: String) throws {
        let reader = InventoryReader(root: root)
        let host = try reader.observe()
        let scan = HolderScan(tree: try HostTree(root: root))
        let endpoints = host.inventory.functions.filter { !$0.isBridge && $0.role == .plain }
        guard let device = endpoints.isEmpty ? nil : endpoints[endpoints.count / 2].address else {
            throw ValidationError("This tree has no device to take.")
        }
        var (facts, holders, processor) = (Samples(), Samples(), [Double]())
        for round in 0..<(runs + 2) {
            if round == 2 { (facts, holders, processor) = (Samples(), Samples(), []) }
            let before = ProcessorTime.used
            try facts.measure { _ = try reader.reading(deciding: [device.description], since: host) }
            holders.measure { _ = scan.holders(of: device) }
            processor.append(ProcessorTime.used - before)
        }
        let sorted = processor.sorted()
        let report = Report(
            functions: host.inventory.functions.count,
            median: Samples.rounded(sorted[sorted.count / 2] / 1000),
            p99: Samples.rounded(sorted[min(sorted.count - 1, sorted.count * 99 / 100)] / 1000), n: sorted.count,
            facts: facts.summary, holders: holders.summary, load: LoadAverage.lastMinute)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }

    private struct Report: Encodable {
        var benchmark = "write-check"
        var functions: Int
        /// Of the processor, all threads together.
        var median: Double
        var p99: Double
        var n: Int
        var unit = "ms"
        /// Of the clock: the device, its group and the host's uses.
        var facts: Samples.Summary?
        /// Of the clock: one pass over the processes.
        var holders: Samples.Summary?
        var load: Double?
    }
}

import ArgumentParser
import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore
import PatchbayHost

/// Reading a host: ours in this process and in a fresh one, `lspci` on the same tree, and the bare system calls.
struct InventoryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory", abstract: "Measure reading a host's inventory beside lspci and the bare system calls."
    )

    @Option(help: "Directory to read; without it a tree is made for the run.") var root: String?
    @Option(help: "How many functions a made tree has.") var functions = 2000
    @Option(help: "How often each is measured, after two rounds that do not count.") var runs = 40

    @Option(help: "Another build of this program, as that of an earlier commit: both measure the same tree in turn.")
    var against: String?
    @Option(help: "How often each of the two builds is run.") var rounds = 5
    @Option(help: "Fail when ours takes more than so many times what the other takes, as 1.05.") var atMost: Double?

    func validate() throws {
        guard (1...100_000).contains(functions), (1...100_000).contains(runs), (1...1000).contains(rounds) else {
            throw ValidationError("--functions and --runs are from 1 to 100000, --rounds from 1 to 1000.")
        }
        guard against != nil || atMost == nil else { throw ValidationError("--at-most needs --against.") }
    }

    func run() async throws {
        try await MadeTree.with(
            root, make: { try SyntheticHost(root: $0, functions: functions).make() }, measure: measureAll)
    }

    private func measureAll(_ root: String) async throws {
        guard let against else { return try await measure(root) }
        let report = try await InventoryComparison(other: against, root: root, rounds: rounds, runs: runs)
            .measure()
        try Bench.tell(report)
        if let atMost, let worst = report.ratios.values.max(), worst > atMost { throw ExitCode(1) }
    }

    private func measure(_ root: String) async throws {
        var measured = Measured()
        let lspci = ["/usr/bin/lspci", "/usr/sbin/lspci", "/sbin/lspci"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        let reader = InventoryReader(root: root)
        let before = pb_lookups()
        let host = try reader.observe()
        let lookups = pb_lookups() - before
        let event = RefreshEvent(host.inventory)
        for round in 0..<(runs + 2) {
            if round == 2 { measured = Measured() }
            try measured.floor.measure { try Self.succeeding(pb_floor_inventory(root) >= 0, "the floor") }
            try measured.read.measure { _ = try InventoryReader(root: root).read() }
            try measured.refresh.measure { try event.refresh(host, reader) }
            try await measured.cold.measure {
                try await Self.run("/proc/self/exe", ["inventory-once", "--root", root])
            }
            guard let lspci else { continue }
            try await measured.lspci.measure {
                try await Self.run(lspci, ["-D", "-nn", "-A", "linux-sysfs", "-O", "sysfs.path=\(root)/sys/bus/pci"])
            }
        }
        try Bench.tell(Report(measured, functions: host.inventory.functions.count, lookups: Int(lookups), event))
    }

    private static func run(_ program: String, _ arguments: [String]) async throws {
        let ending = try await Program(program).run(arguments, most: 64 << 20, within: .seconds(60))
        try succeeding(ending.status == 0, "\(program) (status \(ending.status))")
    }

    private static func succeeding(_ isDone: Bool, _ what: String) throws {
        guard isDone else { throw ValidationError("\(what) failed on this tree.") }
    }

    private struct Measured {
        var read = Samples()
        var refresh = Samples()
        var cold = Samples()
        var lspci = Samples()
        var floor = Samples()
    }

    private struct Refresh: Encodable {
        /// How many functions were read again.
        var functions: Int
        var lookups: Int
        var time: Samples.Summary
    }

    private struct Report: Encodable {
        var benchmark = "inventory"
        var functions: Int
        var median: Double
        var p99: Double
        var n: Int
        var unit = "ms"
        /// Paths opened, looked for or read as links.
        var lookups: Int
        /// After one event: the driver of one function changed.
        var refresh: Refresh?
        /// A fresh process that reads once.
        var cold: Samples.Summary?
        /// nil: there is no lspci on this machine.
        var lspci: Samples.Summary?
        var floor: Samples.Summary?
        var ratios: [String: Double]
        /// Processes that wanted to run in the last minute: what others do to this machine meanwhile.
        var load: Double?

        init(_ measured: Measured, functions: Int, lookups: Int, _ event: RefreshEvent) {
            let read = measured.read.summary
            self.functions = functions
            self.median = read?.median ?? 0
            self.p99 = read?.p99 ?? 0
            self.n = read?.n ?? 0
            self.lookups = lookups
            let refresh = measured.refresh.summary
            self.refresh = refresh.map { Refresh(functions: event.functions.count, lookups: event.lookups, time: $0) }
            self.load = LoadAverage.lastMinute
            self.cold = measured.cold.summary
            self.lspci = measured.lspci.summary
            self.floor = measured.floor.summary
            self.ratios = [:]
            ratios["refreshToRead"] = refresh?.ratio(to: read)
            ratios["readToFloor"] = read?.ratio(to: floor)
            ratios["readToLspci"] = read?.ratio(to: lspci)
            ratios["coldToLspci"] = cold?.ratio(to: lspci)
        }
    }
}

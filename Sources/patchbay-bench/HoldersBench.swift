import ArgumentParser
import CPatchbayHost
import Foundation
import Glibc
import PatchbayHost

/// Looking at the processes of a host: what each has open, and what is mounted in other namespaces.
struct HoldersBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holders", abstract: "Measure looking at the processes and namespaces of a host.")

    @Option(help: "Directory to look at; / for this machine. Without it a tree is made for the run.") var root: String?
    @Option(help: "How many processes a made tree has.") var processes = 2000
    @Option(help: "How many descriptors each of them has.") var descriptors = 30
    @Option(help: "How many of them are in a mount namespace of their own.") var namespaces = 200
    @Option(help: "How often it is measured, after two rounds that do not count.") var runs = 20

    func validate() throws {
        guard (1...30_000).contains(processes), (1...1000).contains(descriptors), (1...10_000).contains(runs),
            (0...processes).contains(namespaces)
        else {
            throw ValidationError(
                "--processes is from 1 to 30000, --descriptors to 1000, --runs to 10000, --namespaces at most --processes."
            )
        }
    }

    func run() async throws {
        try await MadeTree.with(
            root,
            make: { folder in
                try SyntheticHost(root: folder, functions: 64).make()
                try makeProcesses(folder.path)
            }, measure: measure)
    }

    private func measure(_ root: String) throws {
        let tree = try HostTree(root: root)
        var (wall, processor, lookups) = (Samples(), [Double](), 0)
        for round in 0..<(runs + 2) {
            if round == 2 { (wall, processor) = (Samples(), []) }
            let (before, used) = (pb_lookups(), ProcessorTime.used)
            wall.measure { _ = HolderScan(tree: tree).sights() }
            processor.append((ProcessorTime.used - used) / 1000)
            lookups = Int(pb_lookups() - before)
        }
        let count = try FileManager.default.contentsOfDirectory(atPath: "\(root)/proc").count(where: { Int($0) != nil })
        let report = Report(
            processes: count, wall: wall.summary, processorMilliseconds: Samples.rounded(processor.sorted()[runs / 2]),
            lookups: lookups, load: LoadAverage.lastMinute)
        try Bench.tell(report)
    }

    private struct Report: Encodable {
        var benchmark = "holders"
        var processes: Int
        var wall: Samples.Summary?
        /// The middle one of all runs, of all threads.
        var processorMilliseconds: Double
        /// Paths opened, looked for or read as links.
        var lookups: Int
        var load: Double?
    }

    /// One descriptor of each leads to a node, as with guests; the others to files, sockets and `/dev/null`.
    private func makeProcesses(_ root: String) throws {
        let mounts = (0..<40).map { "\(300 + $0) 200 0:\(50 + $0) / /proc/\($0) rw - proc proc rw\n" }.joined()
        for number in 2..<(processes + 2) {
            let directory = "\(root)/proc/\(number)"
            try FileManager.default.createDirectory(atPath: "\(directory)/fd", withIntermediateDirectories: true)
            try "program\n".write(toFile: "\(directory)/comm", atomically: false, encoding: .utf8)
            try "0::/system.slice/x.service\n".write(toFile: "\(directory)/cgroup", atomically: false, encoding: .utf8)
            for descriptor in 0..<descriptors {
                let target = ["/dev/null", "socket:[\(number)]", "/var/log/x.log"][descriptor % 3]
                try link(descriptor == 5 ? "/dev/vfio/\(number)" : target, at: "\(directory)/fd/\(descriptor)")
            }
            guard number < namespaces + 2 else { continue }
            try mounts.write(toFile: "\(directory)/mountinfo", atomically: false, encoding: .utf8)
        }
    }

    private func link(_ target: String, at path: String) throws {
        guard symlink(target, path) == 0 else { throw ValidationError("\(path) cannot be made.") }
    }
}

import ArgumentParser
import Foundation
import Glibc
import PatchbayCore

/// One decision on a fleet: on the index, and by asking every host as schedulers without one do.
struct PlacementBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement",
        abstract: "Measure a placement decision beside asking every host; one JSON object for each number and policy.")

    @Option(help: "How many hosts.") var hosts = 10_000
    @Option(help: "How many devices each has.") var devices = 8
    @Option(help: "How many devices are asked for; several separated by commas.") var count = "1,4,8"
    @Option(help: "NUMA policies, or none; separated by commas.") var policy = "none,required,socket,preferred,legacy"
    @Option(help: "How many decisions are measured for each.") var runs = 2000
    @Option(help: "Instead of a fleet: one host with so many virtual functions over eight NUMA nodes.")
    var virtualFunctions: Int?

    func validate() throws {
        guard (1...5_000_000).contains(hosts), (1...4096).contains(devices), (1...1_000_000).contains(runs) else {
            throw ValidationError("--hosts is at most 5000000, --devices at most 4096, --runs at most 1000000.")
        }
    }

    func run() throws {
        if let virtualFunctions { return try measureFunctions(virtualFunctions) }
        let idle = Self.bytesPerHost(hosts: hosts, devices: devices)
        var fleet = BenchFleet(hosts: hosts, devices: devices)
        for policy in try policies() {
            for count in try counts() {
                try report(measure(&fleet, count, policy, bytesPerIdleHost: idle))
            }
        }
    }

    private func counts() throws -> [Int] {
        try count.split(separator: ",").map { text in
            guard let number = Int(text), number > 0 else { throw ValidationError("\"\(text)\" is not a number.") }
            return number
        }
    }

    private func policies() throws -> [NUMAPolicy?] {
        try policy.split(separator: ",").map { text in
            if text == "none" { return nil }
            guard let policy = NUMAPolicy(rawValue: String(text)) else {
                throw ValidationError("There is no policy \"\(text)\".")
            }
            return policy
        }
    }

    private func wish(_ count: Int, _ policy: NUMAPolicy?) -> PlacementWish {
        PlacementWish(
            requests: [Request(name: "g", target: .pool("gpus"), count: count, numa: policy)],
            guest: policy == nil ? nil : GuestNeeds(vcpus: 8, memoryMiB: 16_384, pin: .thread))
    }

    /// Asking more hosts takes as much longer as they are more.
    private static let mostScanned = 10_000

    /// Decisions and their commits in turns, so that the fleet changes as a real one does: what was lent eight decisions
    /// ago comes back.
    private func measure(
        _ fleet: inout BenchFleet, _ count: Int, _ policy: NUMAPolicy?, bytesPerIdleHost: Double
    ) throws -> PlacementReport {
        let wish = wish(count, policy)
        var (decisions, commits, scans) = (Samples(), Samples(), Samples())
        var lent: [(host: String, placement: HostPlacement)] = []
        var refused = 0
        for _ in 0..<runs {
            var found: (host: String, placement: HostPlacement)?
            decisions.measure { found = try? fleet.index.place(wish) }
            guard let found else {
                refused += 1
                continue
            }
            // Others decide on a copy meanwhile.
            let beside = fleet.index
            commits.measure { fleet.hold(found.placement, on: found.host, true) }
            withExtendedLifetime(beside) {}
            lent.append(found)
            if lent.count > 8 {
                let back = lent.removeFirst()
                fleet.hold(back.placement, on: back.host, false)
            }
        }
        for back in lent { fleet.hold(back.placement, on: back.host, false) }
        let scanned = min(hosts, Self.mostScanned)
        for _ in 0..<3 { scans.measure { _ = fleet.scan(wish, hosts: scanned) } }
        return PlacementReport(
            hosts: hosts, devices: devices, count: count, policy: policy?.rawValue ?? "none", refused: refused,
            decision: decisions.microseconds, commit: commits.microseconds, scan: scans.microseconds,
            scannedHosts: scanned,
            bytesPerIdleHost: bytesPerIdleHost, load: LoadAverage.lastMinute)
    }

    private func measureFunctions(_ functions: Int) throws {
        let standing = VirtualFunctionHost.standing(functions: functions)
        for policy in try policies() {
            for count in try counts() {
                let nodes = policy == nil ? nil : [NUMANode(3), NUMANode(5)]
                let hood = nodes.map { Neighbourhood(of: $0, on: standing.shape) }
                let request = Request(name: "v", target: .pool("vfs"), count: count, numa: policy)
                var decisions = Samples()
                var refused = 0
                for _ in 0..<runs {
                    decisions.measure {
                        let ask = Ask(request, of: standing.shape, named: "h")
                        let found = try? Allotter([ask], on: standing.shape, free: standing.free, near: hood).allot()
                        if found == nil { refused += 1 }
                    }
                }
                try report(
                    PlacementReport(
                        hosts: 1, devices: functions, count: count, policy: policy?.rawValue ?? "none",
                        refused: refused,
                        decision: decisions.microseconds,
                        perDevice: decisions.microseconds.map { $0.median / Double(count) },
                        load: LoadAverage.lastMinute))
            }
        }
    }

    /// What the process grows by when the index of an idle fleet is made, beside another one that is kept: the first brings
    /// code and the allocator's own pages into memory.
    private static func bytesPerHost(hosts: Int, devices: Int) -> Double {
        let first = BenchFleet(hosts: hosts, devices: devices, isIdle: true)
        let before = residentBytes()
        let fleet = BenchFleet(hosts: hosts, devices: devices, isIdle: true)
        let after = residentBytes()
        return withExtendedLifetime((first, fleet)) { Double(max(0, after - before)) / Double(hosts) }
    }

    /// Source: proc(5), `/proc/self/statm`, second field, in pages.
    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private func report(_ report: PlacementReport) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
}

/// One line of the result.
struct PlacementReport: Encodable {
    struct Times: Encodable {
        var median: Double
        var p99: Double
        var n: Int
        var unit = "us"
    }

    var hosts: Int
    var devices: Int
    var count: Int
    var policy: String
    /// Decisions that found nothing.
    var refused: Int
    var decision: Times?
    /// Moving the host to its new class, beside a copy of the index.
    var commit: Times?
    /// The peer: asking every host.
    var scan: Times?
    /// So many of them: the first ones.
    var scannedHosts: Int?
    var perDevice: Double?
    var bytesPerIdleHost: Double?
    var load: Double?
}

extension Samples {
    var microseconds: PlacementReport.Times? {
        summary.map { PlacementReport.Times(median: $0.median * 1000, p99: $0.p99 * 1000, n: $0.n) }
    }
}

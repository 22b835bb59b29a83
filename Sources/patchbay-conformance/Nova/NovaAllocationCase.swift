import PatchbayCore

/// A line of `allocation.jsonl`: one host, the requests of one instance, and what Nova gave it.
struct NovaAllocationCase {
    private let line: NovaValue
    private let expected: NovaValue
    private let stock: NovaStock
    private let wishes: [NovaWish]
    private let cells: [NUMANode]?

    init(_ line: NovaValue) throws {
        self.line = line
        expected = try line.need("expect")
        let host = try line.need("host")
        var sockets: [NUMANode: [Int]] = [:]
        for cell in try host.needList("numa") {
            guard let id = cell["id"]?.integer, let socket = cell["socket"]?.integer else { continue }
            sockets[NUMANode(id)] = [socket]
        }
        stock = NovaStock(try host.needList("devices").map(Self.device), sockets: sockets)
        wishes = try line.needList("requests").map(Self.wish)
        cells = line["instance_numa"]?.list?.compactMap { $0.integer.map { NUMANode($0) } }
    }

    private static func device(_ value: NovaValue) throws -> NovaStock.Device {
        NovaStock.Device(
            try NovaDeviceSpecCase.device(value), tags: value["tags"]?.fields?.mapValues(\.text),
            isFree: try value.needText("status") == "available", provider: value["rp"]?.text)
    }

    private static func wish(_ value: NovaValue) throws -> NovaWish {
        let specs = try value.needList("spec")
        guard let count = value["count"]?.integer else { throw UnreadableCase(description: "count is missing") }
        let policy = value["numa_policy"]?.text ?? "legacy"
        guard let numa = NUMAPolicy(rawValue: policy) else {
            throw UnreadableCase(description: "numa_policy is \(policy)")
        }
        return NovaWish(
            count: count, specs: specs.map { ($0.fields ?? [:]).filter { $0.key != "rps" }.mapValues(\.text) },
            numa: numa, providers: specs.first?["rps"]?.list?.compactMap(\.text) ?? [])
    }

    func differences() throws -> [String] {
        var differences = try eligibleDifferences()
        let accepted = try expected.needList("accept")
        do {
            let grant = try stock.allocate(wishes, near: cells)
            let assignment = try NovaAssignment(grant, line)
            if !accepted.contains(.bool(true)) { differences.append("served, expected a refusal") }
            differences += assignment.faults
            if expected["allocatable"] == .bool(true) {
                differences += try assignment.choiceDifferences
            }
        } catch let refusal as NovaRefusal {
            if !accepted.contains(.bool(false)) { differences.append("refused (\(refusal.sentence))") }
        }
        return differences
    }

    private func eligibleDifferences() throws -> [String] {
        guard let theirs = expected["eligible"]?.fields else { return [] }
        return zip(wishes, try line.needList("requests")).compactMap { wish, request in
            guard let list = theirs[request["id"]?.text ?? ""]?.list else { return nil }
            let ours = stock.eligible(for: wish).map { stock.devices[$0].device.address.description }
            return Set(ours) == Set(list.compactMap(\.text))
                ? nil : "\(request["id"]?.text ?? ""): eligible are \(ours), expected \(list)"
        }
    }
}

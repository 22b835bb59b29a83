import Foundation
import PatchbayCore
import PatchbayHost

/// One machine, ours beside the truth. Differences are sentences, the most telling first.
struct MachineComparison {
    let truth: Machine.Truth
    let reading: InventoryReader.Result
    let root: URL

    var inventory: Inventory { reading.inventory }

    func differences() -> [String] {
        functionDifferences() + kindDifferences() + groupDifferences() + virtualisationDifferences()
            + nodeDifferences() + hostDifferences() + surveyDifferences() + mountDifferences() + verdictDifferences()
            + reading.findings.compactMap(unexpected)
    }

    /// A recorded machine is no garbage: everything in it can be read. What is wrong with the machine is no difference.
    private func unexpected(_ finding: Finding) -> String? {
        ["backing-unknown", "mounts-unknown", "route-unknown", "routes-unknown", "link-narrow", "link-slow"]
            .contains(finding.code)
            ? nil : "\(finding.code): \(finding.sentence)"
    }

    private func functionDifferences() -> [String] {
        let ours = Dictionary(uniqueKeysWithValues: inventory.functions.map { ($0.address.description, $0) })
        var differences = compare("number of functions", inventory.functions.count, truth.pci_function_count)
        differences += compareSets("addresses", Set(ours.keys), Set(truth.functions.map(\.addr)))
        differences += compareSets(
            "domains", Set(inventory.functions.map { $0.address.domain.hex(4) }), Set(truth.domains))
        for expected in truth.functions {
            if let function = ours[expected.addr] { differences += self.differences(function, expected) }
        }
        return differences
    }

    private func differences(_ function: PCIFunction, _ expected: Machine.Function) -> [String] {
        let address = expected.addr
        var differences = compare("\(address) id", function.id.description, "\(expected.vendor):\(expected.device)")
        differences += compare(
            "\(address) class", function.deviceClass.description, expected.class + expected.prog_if)
        differences += compare("\(address) driver", function.driver, expected.driver)
        differences += compare("\(address) NUMA node", function.numaNode?.rawValue, node(expected))
        differences += compare("\(address) group", function.iommuGroup?.rawValue, expected.iommu_group)
        // lspci leaves out what is 0 in the header: the truth has then nothing to compare with.
        if let subsystem = expected.subsystem {
            differences += compare("\(address) subsystem", told(function.subsystem), subsystem)
        }
        if let revision = expected.revision {
            differences += compare("\(address) revision", function.revision?.hex(2), revision)
        }
        return differences
    }

    private func told(_ id: PCIID?) -> String { id?.description ?? "0000:0000" }

    /// -1 is no node, unless the function's CPU list is exactly that of one of several nodes.
    private func node(_ function: Machine.Function) -> Int? {
        guard let node = function.numa_node else { return nil }
        if node >= 0 { return node }
        let nodes = truth.numa_nodes ?? [:]
        let file = root.appending(path: "sys/bus/pci/devices/\(function.addr)/local_cpulist")
        guard nodes.count > 1, let list = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        let near = nodes.filter { $0.value == list.trimmingCharacters(in: .whitespacesAndNewlines) }
        return near.count == 1 ? near.keys.first.flatMap { Int($0) } : nil
    }

    func compare<Value: Equatable>(_ what: String, _ ours: Value, _ theirs: Value) -> [String] {
        ours == theirs ? [] : ["\(what): \(Self.text(ours)), should be \(Self.text(theirs))"]
    }

    func compareSets(_ what: String, _ ours: Set<String>, _ theirs: Set<String>) -> [String] {
        ours.subtracting(theirs).sorted().map { "\(what): \($0) is not there in truth" }
            + theirs.subtracting(ours).sorted().map { "\(what): \($0) is missing" }
    }

    private static func text(_ value: some Any) -> String {
        let text = String(describing: value)
        return text.hasPrefix("Optional(") ? String(text.dropFirst(9).dropLast()) : text
    }
}

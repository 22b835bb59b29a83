import Foundation
import PatchbayCore
import PatchbayHost

extension MachineComparison {
    /// USB, mediated devices and NUMA nodes with their CPUs.
    func surveyDifferences() -> [String] {
        guard let survey = inventory.survey else { return ["the survey is missing"] }
        return usbDifferences() + mediatedDifferences(survey) + cellDifferences(survey)
    }

    private func usbDifferences() -> [String] {
        let ours = Dictionary(uniqueKeysWithValues: inventory.usb.map { ($0.address.description, $0) })
        var differences = compareSets("USB devices", Set(ours.keys), Set(truth.usb_devices.map(\.name)))
        for expected in truth.usb_devices {
            guard let device = ours[expected.name] else { continue }
            let what = "USB \(expected.name)"
            differences += compare("\(what) id", device.id.description, expected.id)
            differences += compare("\(what) bus", device.address.bus, expected.bus)
            differences += compare("\(what) number", device.deviceNumber, expected.dev)
            differences += compare("\(what) controller", device.port.controller?.description, expected.controller)
            differences += compare("\(what) is a root hub", device.isRootHub, expected.name.hasPrefix("usb"))
        }
        return differences + usbNodeDifferences()
    }

    /// A disk or interface stands on the USB device that its path names; recordings lack some of those.
    private func usbNodeDifferences() -> [String] {
        let devices = Set(truth.usb_devices.map(\.name))
        var expected: Set<String> = []
        for node in Set(truth.net.keys).union(truth.block.keys) {
            guard let device = path(of: node).last(where: { devices.contains($0) }), !device.hasPrefix("usb") else {
                continue
            }
            expected.insert("\(node) on \(device)")
        }
        let known = Set(truth.net.keys).union(truth.block.keys)
        let ours = inventory.usb.flatMap { device in
            device.nodes.filter { known.contains($0) }.map { "\($0) on \(device.address)" }
        }
        return compareSets("nodes on USB", Set(ours), expected)
    }

    /// The components above a node on its real path.
    private func path(of node: String) -> [String] {
        for folder in ["sys/class/net", "sys/block"] {
            let link = root.appending(path: "\(folder)/\(node)").path
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link) {
                return target.split(separator: "/").dropLast().map { String($0) }
            }
        }
        return []
    }

    private func mediatedDifferences(_ survey: HostSurvey) -> [String] {
        let ours = survey.mediatedDevices.map { "\($0.uuid) in \($0.iommuGroup?.description ?? "no group")" }
        let theirs = (truth.mdev_iommu_groups ?? [:]).map { "\($0.key) in \($0.value)" }
        return compareSets("mediated devices", Set(ours), Set(theirs))
            + survey.mediatedDevices.filter { device in device.parent.map { inventory[$0] == nil } ?? true }
            .map { "\($0.uuid): its parent is no function of this machine" }
    }

    private func cellDifferences(_ survey: HostSurvey) -> [String] {
        guard let nodes = truth.numa_nodes else { return [] }
        let ours = survey.platform.numaCells.map { "\($0.node): \(Self.list($0.cpus))" }
        return compareSets("NUMA cells", Set(ours), Set(nodes.map { "\($0.key): \($0.value)" }))
    }

    /// As the kernel prints it: `0-3,8`.
    private static func list(_ cpus: [Int]) -> String {
        var runs: [(first: Int, last: Int)] = []
        for cpu in cpus {
            if let last = runs.last, last.last + 1 == cpu {
                runs[runs.count - 1].last = cpu
            } else {
                runs.append((cpu, cpu))
            }
        }
        return runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
    }
}

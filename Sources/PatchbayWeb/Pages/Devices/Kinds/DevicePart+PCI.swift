import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// Of a PCI function: how it is kept apart, and what is plugged into it.
extension DevicePage.Part {
    struct Isolation: Sendable, Hashable {
        let groupTitle: String
        let group: GroupRow?
        let members: [DeviceRow]
        let goesAlong: String
        let staysBehind: String
        let parked: String

        init(_ device: API.Device, group: API.Group?) {
            self.group = group.map(GroupRow.init)
            self.members = (group?.members ?? []).map { DeviceRow($0) }
            self.goesAlong = device.companions.joined(separator: ", ")
            self.staysBehind = device.bridges.joined(separator: ", ")
            self.parked = (device.parked ?? []).joined(separator: ", ")
            guard let number = device.iommuGroup else {
                self.groupTitle = "No IOMMU group"
                return
            }
            let others = (group?.members.count ?? 1) - 1
            self.groupTitle = others == 0 ? "Group \(number), alone" : "Group \(number), with \(others) more"
        }
    }

    /// - Parameters:
    ///   - group: has the device itself among its members; nil when there is none.
    ///   - plugged: USB devices of this controller, its hubs among them.
    init(_ device: API.Device, group: API.Group? = nil, plugged: [API.USBDevice] = []) {
        self.facts = Self.factsOfPCI(device)
        self.cards = StoryCard.cards(of: DeviceStory.make(device)).filter { $0.title != "Isolation" }
        self.isolation = device.state == .missing ? nil : Isolation(device, group: group)
        self.plug = nil
        self.usb = plugged.filter { $0.kind == "device" }.map(USBRow.init)
        self.hasUSB = !usb.isEmpty
    }

    private static func factsOfPCI(_ device: API.Device) -> [Fact] {
        var facts = [
            Fact(
                "Identity",
                ["\(device.vendorID):\(device.deviceID)", device.revision.map { "rev \($0)" }, device.role]
                    .compactMap { $0 }.joined(separator: " · "))
        ]
        if let subsystem = device.subsystemID {
            facts.append(
                Fact("Subsystem", [subsystem, device.subsystemName].compactMap { $0 }.joined(separator: " · ")))
        }
        facts.append(
            Fact("Place", device.numaNode.map { "NUMA \($0) · \(device.topologyPath)" } ?? device.topologyPath))
        guard device.state != .missing else { return facts }
        let classNames = [device.className, device.classCode].compactMap { $0 }
        facts.insert(Fact("Class", classNames.joined(separator: " · ")), at: 1)
        facts.append(Fact("Driver", device.driverWords))
        if let total = device.totalVFs {
            facts.append(Fact("Virtual functions", "\(device.activeVFs ?? 0) of \(total)"))
        }
        if let parent = device.parent {
            facts.append(Fact("Made by", parent, href: Link.device(id: "\(device.host)/\(parent)")))
        }
        facts.append(
            Fact(
                "Reset",
                device.resetMethods.map { $0.isEmpty ? "none" : $0.joined(separator: ", ") }
                    ?? "not reported by the kernel"))
        if !device.nodes.isEmpty { facts.append(Fact("Carries", device.nodes.joined(separator: ", "))) }
        if !device.bars.isEmpty {
            let bars = device.bars.map { "\($0.index): \(SizeWords.bytes($0.sizeBytes)) \($0.kind)" }
            facts.append(Fact("Memory", bars.joined(separator: " · ")))
        }
        return facts
    }
}

extension API.Device {
    /// What holds it now, and what did before it was taken from the host.
    var driverWords: String {
        let now = driver?.replacing(",", with: ", ") ?? "none"
        guard let binding else { return now }
        return "\(now), was \(binding.originalDriver ?? "without one") before plan \(binding.plan)"
    }
}

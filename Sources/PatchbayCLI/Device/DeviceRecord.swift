import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// What `device show` says.
enum DeviceRecord {
    static func make(_ device: API.Device, history: [String], isVerbose: Bool) -> Record {
        var record = Record(
            mark: device.state.mark, title: device.shortID, device.name,
            verdict: Cell(device.state.rawValue, device.state.colour))
        record.add(
            "identity",
            joining: [
                "\(device.vendorID):\(device.deviceID)" + (device.revision.map { " rev \($0)" } ?? ""),
                device.subsystemID.map { id in "subsystem \(id)" + (device.subsystemName.map { " \($0)" } ?? "") },
                device.className ?? "class \(device.classCode)", role(device),
            ])
        record.add(
            "place",
            joining: [
                device.host, device.numaNode.map { "NUMA \($0)" }, device.topologyPath,
                device.nodes.isEmpty ? nil : device.nodes.joined(separator: ", "),
            ])
        record.add("group", device.kind == .pci ? group(device) : [])
        record.add("driver", driver(device))
        record.add("verdict", "\(device.verdict.words) · \(device.verdict.meaning)")
        record.add("host use", device.hostUses.map(\.line))
        record.add("reset", device.resetMethods.map { $0.isEmpty ? "none" : $0.joined(separator: ", ") })
        if isVerbose { record.add("memory", device.bars.map(memory)) }
        record.add("state", [device.reason].filter { !$0.isEmpty })
        record.add("ways out", device.waysOut ?? [])
        record.add("pools", device.pools.isEmpty ? "none" : device.pools.joined(separator: ", "))
        record.add("held by", device.holder)
        record.add("next", next(device))
        record.add(DeviceStory.make(device))
        record.add("History", heading: history)
        return record
    }

    private static func role(_ device: API.Device) -> String? {
        if device.kind == .usb { return device.parent.map { "plugged into \($0)" } }
        if let parent = device.parent { return "virtual function of \(parent)" }
        return device.totalVFs.map { "\(device.activeVFs ?? 0) of \($0) virtual functions" }
    }

    /// What changes hands with it, and what stays.
    private static func group(_ device: API.Device) -> [String] {
        guard let number = device.iommuGroup else { return ["none: not behind an active IOMMU"] }
        let parked = device.parked ?? []
        guard !device.companions.isEmpty || !device.bridges.isEmpty || !parked.isEmpty else {
            return ["\(number), alone"]
        }
        var lines: [String] = []
        if !device.companions.isEmpty {
            lines.append("\(number), lent together with: \(device.companions.joined(separator: ", "))")
        }
        if !device.bridges.isEmpty {
            lines.append("\(number), stays: \(device.bridges.joined(separator: ", ")) (bridge)")
        }
        if !parked.isEmpty {
            lines.append(
                "\(number), parked: \(parked.joined(separator: ", ")) (part of the chipset, never lent)")
        }
        return lines
    }

    private static func driver(_ device: API.Device) -> String {
        var parts = [device.driver ?? "none"]
        if let override = device.driverOverride { parts.append("override \(override)") }
        if let binding = device.binding {
            parts.append("taken from \(binding.originalDriver ?? "no driver") by plan \(binding.plan)")
        }
        return parts.joined(separator: " · ")
    }

    private static func memory(_ bar: API.BAR) -> String {
        "\(bar.index == 6 ? "ROM" : "BAR \(bar.index)")  \(SizeWords.bytes(bar.sizeBytes))  \(bar.kind)"
            + (bar.isPrefetchable ? ", prefetchable" : "")
    }

    /// The command that a person most likely wants now.
    private static func next(_ device: API.Device) -> String? {
        switch device.state {
        case .free where device.pools.isEmpty:
            "patchbay device passthrough \(device.shortID) --pool POOL --create"
        case .free: "patchbay attach \(device.shortID) --to VM"
        case .allocated, .attached: device.vm.map { "patchbay vm show \($0)" }
        case .host, .blocked: device.riskToTake.map { device.line(taking: $0).text }
        case .missing, .quarantined: nil
        }
    }
}

import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// What `host show` and `host inspect` say about a host.
enum HostRecord {
    /// - Parameters:
    ///   - isKnownToServer: false when it was read without one, so nobody can speak of an agent.
    ///   - survey: what is known beside its PCI devices; nil: not asked.
    static func make(
        _ host: API.Host, now: Int, isKnownToServer: Bool = true, survey: API.Survey? = nil
    ) -> Record {
        var record = heading(host, countsAgent: isKnownToServer)
        record.add("system", joining: system(host))
        record.add("iommu", words(for: host.readiness.iommu))
        record.add("vfio", HostListing.vfio(host.readiness))
        record.add("devices", CountWords.devices(host.deviceCounts))
        if let usb = survey?.usb.filter({ $0.kind == "device" }), !usb.isEmpty {
            record.add("usb", CountWords.count(usb.count, "device"))
        }
        if let parents = survey?.mediatedParents, !parents.isEmpty {
            record.add("mediated", CountWords.count(parents.count, "function") + " can provide mediated devices")
        }
        if isKnownToServer {
            record.add(
                "agent",
                joining: [HostListing.agent(host.agent, now: now), host.agent.version.map { "version \($0)" }])
        }
        if isKnownToServer { record.add("settings", settings(host)) }
        record.add("inventory", host.inventoryAt.map { "\(TimeWords.age(from: $0, to: now)) old" })
        for finding in host.findings.sorted(by: { $0.severity > $1.severity }) {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        if let survey { record.add(HostStory.make(survey)) }
        return record
    }

    /// What an operator said of it, and what that means.
    private static func settings(_ host: API.Host) -> [String] {
        let settings = host.settings
        var lines: [String] = []
        if settings.isCordoned {
            lines.append(
                "cordoned: nothing new is placed here; to end that:  patchbay host set \(host.name) --uncordon")
        }
        if settings.isPinned { lines.append("pinned: its CPUs can be dedicated to guests") }
        if !settings.labels.isEmpty {
            lines.append(
                "labels "
                    + settings.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
            )
        }
        return lines
    }

    /// The title line, over the drawing.
    static func heading(_ host: API.Host, _ style: Style) -> String {
        var record = heading(host, countsAgent: true)
        record.add("system", joining: system(host))
        return record.render(style)
    }

    private static func heading(_ host: API.Host, countsAgent: Bool) -> Record {
        let readiness = HostReadiness(host, countsAgent: countsAgent)
        return Record(
            mark: readiness.isReady ? .done : .attention, title: host.name,
            verdict: Cell(readiness.words, readiness.isReady ? .green : .red))
    }

    private static func system(_ host: API.Host) -> [String?] {
        [
            host.distribution, host.kernel.map { "kernel \($0)" }, host.cpuCount.map { CountWords.count($0, "CPU") },
            host.memoryMiB.map(SizeWords.mebibytes),
            host.numaNodes.isEmpty ? nil : CountWords.count(host.numaNodes.count, "NUMA node"),
        ]
    }

    private static func words(for iommu: PatchbayCore.Readiness.IOMMU) -> String {
        switch iommu {
        case .active: "on"
        case .offInKernel: "off in the kernel, although the firmware offers one"
        case .offInFirmware: "off in the firmware, or the board has none"
        case .hidden: "used by Xen: this is its control domain"
        case .emptyGroups: "present, but without groups: see the kernel log"
        }
    }
}

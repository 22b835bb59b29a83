import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host show atlas`
struct HostShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One host: is it ready for passthrough, and what to do if not.")

    @Argument(help: "The host.")
    var host: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let host = try await global.service().host(host)
        try out.show(host, name: host.name) { HostRecord.make(host, now: out.now) }
    }
}

/// What `host show` and `host inspect` say about a host.
enum HostRecord {
    /// - Parameter isKnownToServer: false when it was read without one, so nobody can speak of an agent.
    static func make(_ host: API.Host, now: Int, isKnownToServer: Bool = true) -> Record {
        var record = Record(
            mark: host.readiness.isReady ? .done : .attention, title: host.name,
            verdict: Cell(host.readiness.isReady ? "ready" : "not ready", host.readiness.isReady ? .green : .red))
        record.add(
            "system",
            joining: [
                host.distribution, host.kernel.map { "kernel \($0)" },
                host.cpuCount.map { CountWords.count($0, "CPU") },
                host.memoryMiB.map(TimeWords.size(mebibytes:)),
                host.numaNodes.isEmpty ? nil : CountWords.count(host.numaNodes.count, "NUMA node"),
            ])
        record.add("iommu", words(for: host.readiness.iommu))
        record.add("vfio", HostListing.vfio(host.readiness))
        record.add("devices", CountWords.devices(host.deviceCounts))
        if isKnownToServer {
            record.add(
                "agent",
                joining: [HostListing.agent(host.agent, now: now), host.agent.version.map { "version \($0)" }])
        }
        record.add("inventory", host.inventoryAt.map { "\(TimeWords.age(from: $0, to: now)) old" })
        for finding in host.findings.sorted(by: { $0.severity > $1.severity }) {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        return record
    }

    private static func words(for iommu: PatchbayCore.Readiness.IOMMU) -> String {
        switch iommu {
        case .active: "on"
        case .offInKernel: "off in the kernel: the firmware offers one, the kernel did not turn it on"
        case .offInFirmware: "off in the firmware, or the board has none"
        case .emptyGroups: "there, but without groups: see the kernel log"
        }
    }
}

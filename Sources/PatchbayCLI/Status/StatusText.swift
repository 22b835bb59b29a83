import PatchbayAPI
import PatchbayCore

/// The status screen.
struct StatusText {
    private let status: API.Status
    private let now: Int

    init(_ status: API.Status, now: Int) {
        self.status = status
        self.now = now
    }

    func render(_ style: Style) -> String {
        guard !status.hosts.isEmpty else {
            return style.clean("Patchbay \(status.version), no hosts yet.") + "\n"
                + style.clean("  next  Run the agent on a host:  patchbay agent --server URL --token-file FILE") + "\n"
        }
        return [summary(style), hosts(style), attention(style)].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What it says apart from ages: those grow by themselves, which is no change.
    func settled(_ style: Style) -> [String] {
        let columns = HostListing.make(now: now).columns.filter { !$0.isWide }
        return [summary(style), attention(style)] + status.hosts.flatMap { host in columns.map { $0.settled(host) } }
    }

    private func summary(_ style: Style) -> String {
        let vms = status.vmCounts.values.reduce(0, +)
        let running = status.vmCounts[Domain.State.running.rawValue] ?? 0
        let lines = [
            "Patchbay \(status.version) · \(CountWords.count(status.hosts.count, "host"))",
            CountWords.devices(status.deviceCounts),
            "\(CountWords.count(vms, "VM")): \(running) running",
        ]
        return lines.map { style.clean($0) + "\n" }.joined()
    }

    private func hosts(_ style: Style) -> String {
        let now = now
        let listing = HostListing.make(now: now)
        let columns = listing.columns.filter { !$0.isWide }
        return listing.table(status.hosts, columns: columns).render(style)
    }

    private func attention(_ style: Style) -> String {
        let findings = status.findings.filter { $0.severity != .note }.sorted { $0.severity > $1.severity }
        let doctors = status.hosts.compactMap { warnings(of: $0, style) }
        guard !findings.isEmpty || !doctors.isEmpty else { return style.clean("Nothing needs attention.") + "\n" }
        return "Needs attention\n"
            + findings.map { finding in
                let start = "  \(finding.severity.mark.text(style)) "
                let isNamed = finding.sentence.hasPrefix(finding.subject)
                let lines =
                    [isNamed ? finding.sentence : "\(finding.subject)  \(finding.sentence)"]
                    + finding.next.map { "next  \($0)" }
                return start + lines.map { style.clean($0) }.joined(separator: "\n    ") + "\n"
            }.joined() + doctors.joined()
    }

    /// What the doctor warns of on a host that can lend; it is shown there.
    private func warnings(of host: API.Host, _ style: Style) -> String? {
        guard let count = host.readiness.warnings, count > 0, host.readiness.isReady else { return nil }
        return "  \(Finding.Severity.warning.mark.text(style)) "
            + style.clean("\(host.name): the doctor has \(CountWords.count(count, "warning")).") + "\n    "
            + style.clean("next  patchbay doctor \(host.name)") + "\n"
    }
}

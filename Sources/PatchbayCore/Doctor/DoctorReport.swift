/// What the doctor found on a host, worst first.
package struct DoctorReport: Hashable, Codable, Sendable {
    package var host: String
    /// Distribution, kernel, libvirt, QEMU with their versions, as far as they are known.
    package var system: [String]
    /// The whole in one sentence: "This host is ready: 5 devices can be lent."
    package var headline: String
    /// What to do first, one step a line.
    package var next: [NextStep]
    package var checks: [DoctorCheck]
    /// Devices that could be lent now.
    package var lendable: Int
    /// PCI functions that are no bridges.
    package var devices: Int

    package init(
        host: String, system: [String] = [], headline: String = "", next: [NextStep] = [], checks: [DoctorCheck],
        lendable: Int = 0,
        devices: Int = 0
    ) {
        self.host = host
        self.system = system
        self.headline = headline
        self.next = next
        self.checks = checks
        self.lendable = lendable
        self.devices = devices
    }

    /// The worst of all checks.
    package var verdict: DoctorCheck.Verdict { checks.map(\.verdict).max() ?? .pass }

    /// Nothing fails that passthrough cannot do without.
    package var isReady: Bool { verdict < .failure }
}

/// One thing that was looked at.
package struct DoctorCheck: Hashable, Codable, Sendable {
    package enum Verdict: String, Codable, Sendable, SeverityScale {
        case pass
        /// Good to know; nothing to do.
        case note
        /// What was read cannot tell.
        case unknown
        case warning
        /// Passthrough does not work, or is not safe, until this is fixed.
        case failure
    }

    /// Stable, in words with hyphens: `iommu`, `interrupt-remapping`.
    package var code: String
    /// What is looked at, for people: "IOMMU".
    package var title: String
    package var verdict: Verdict
    /// One sentence.
    package var reason: String
    /// Facts the verdict stands on, one a line.
    package var evidence: [String]
    /// What to do, one step a line, commands written out in full for this distribution and boot loader. Never applied here.
    package var fix: [NextStep]

    package init(
        _ code: String, _ title: String, _ verdict: Verdict, _ reason: String, evidence: [String] = [],
        fix: [NextStep] = []
    ) {
        self.code = code
        self.title = title
        self.verdict = verdict
        self.reason = reason
        self.evidence = evidence
        self.fix = fix
    }
}
